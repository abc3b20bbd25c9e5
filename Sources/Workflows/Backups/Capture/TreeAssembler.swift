import DataSources
import Entries
import Platform
import Repositories
import Sealing

/// Builds the trees out of the walk's events, in order, and stores their pages. Used by one thread at a time.
final class TreeAssembler: @unchecked Sendable {
    private struct OpenDirectory {
        var entry: Entry
        var order: ChildOrder
        var pages = TreePageBuilder()
        var unordered: [TreeEntry] = []
        var lastName: [UInt8] = []
    }

    private let pipeline: CapturePipeline
    private let borders: MessageAuthentication
    private let writer: MetadataWriter
    private var stack: [OpenDirectory]

    init(_ pipeline: CapturePipeline) throws {
        self.pipeline = pipeline
        borders = try pipeline.repository.pageBorders()
        writer = try MetadataWriter(
            pipeline.repository, session: pipeline.session, compression: pipeline.plan.compression,
            verifies: pipeline.plan.verifiesFrames)
        let top = Entry(name: [], kind: .directory, permissions: 0o755, modified: pipeline.runStart)
        stack = [OpenDirectory(entry: top, order: .any)]
    }

    /// Works groups off until there are no more.
    func run() throws {
        while let group = pipeline.groups.pop() {
            guard let results = group.wait() else { throw CapturePipeline.stopped }
            for event in group.events { try take(event, group, results) }
            pipeline.assembled(group)
        }
    }

    private func take(_ event: CaptureEvent, _ group: EventGroup, _ results: [EventGroup.Captured?]) throws {
        switch event {
        case .known(let entry): try append(entry)
        case .entry(let entry): try append(entry, group)
        case .enter(let entry, let order): stack.append(OpenDirectory(entry: entry, order: order))
        case .pending(let number):
            guard let captured = results[number] else { return }
            var builder = ContentBuilder()
            for chunk in captured.chunks {
                try builder.append(chunk.id, length: chunk.length) { try store(.chunkList, $0) }
            }
            let content = try builder.finish { try store(.chunkList, $0) }
            try append(TreeEntry(entry: captured.entry, content: content, isSettled: isSettled(captured.entry)), group)
        case .leave:
            let entry = stack[stack.count - 1].entry
            let content = try close()
            try append(TreeEntry(entry: entry, content: content, isSettled: isSettled(entry)), group)
        }
    }

    private func isSettled(_ entry: Entry) -> Bool {
        pipeline.runStart.seconds(since: entry.changed) >= PipelineLimits.settlingSeconds
    }

    /// Appends a new entry, without what the format has no room for; that is told.
    private func append(_ item: TreeEntry, _ group: EventGroup) throws {
        var fitting = item
        let left = fitting.fitIntoLimits()
        for sentence in left ?? ["it cannot be stored: it is larger than an entry may be"] {
            group.report(
                Finding(
                    .missing, CapturePath.label(stack.dropFirst(2).map { $0.entry.name }, item.entry.name), sentence))
        }
        if left != nil { try append(fitting) }
    }

    private func append(_ item: TreeEntry) throws {
        let top = stack.count - 1
        if stack[top].order == .any { return stack[top].unordered.append(item) }
        precondition(
            stack[top].lastName.lexicographicallyPrecedes(item.entry.name), "an adapter's entries are out of order")
        stack[top].lastName = item.entry.name
        try stack[top].pages.append(item, borders: borders) { try store($0, $1) }
    }

    /// Ends the innermost directory and gives its pages.
    private func close() throws -> Content {
        var directory = stack.removeLast()
        let sorted = directory.unordered.sorted { $0.entry.name.lexicographicallyPrecedes($1.entry.name) }
        for (index, item) in sorted.enumerated() {
            guard index == 0 || sorted[index - 1].entry.name != item.entry.name else {
                throw Failure(
                    .failed, "the source gives two entries of the name \(printable(item.entry.name)) in one directory")
            }
            try directory.pages.append(item, borders: borders) { try store($0, $1) }
        }
        return try directory.pages.finish { try store($0, $1) }
    }

    /// Ends the snapshot's root.
    func finishRoot() throws -> Content {
        precondition(stack.count == 1, "a source was not ended")
        return try close()
    }

    /// Stores bytes that are no entry, such as a source's manifest.
    func storeBytes(_ bytes: [UInt8]) throws -> Content { try writer.store(bytes) }

    /// Stores what is left.
    func finishPacks() throws { try writer.finish() }

    private func store(_ kind: ChunkKind, _ bytes: [UInt8]) throws -> ChunkID { try writer.store(kind, bytes.span) }
}
