import Entries
import Platform
import Repositories
import Storage

/// Follows snapshots' trees and sees that every chunk they need is at hand. Each page is followed once, in whichever
/// snapshot it comes first. Used by one thread.
final class TreeCheck {
    private let index: ChunkIndex
    private let reader: ChunkReader
    private let cancellation: any Cancellation
    private let badFrames: [Bool]
    private var seenTrees: Set<ChunkID> = []
    private(set) var entries = 0

    init(_ repository: Repository, index: ChunkIndex, badPacks: Set<[UInt8]>, cancellation: any Cancellation) {
        self.index = index
        self.cancellation = cancellation
        reader = ChunkReader(repository, index: index, keeping: 8)
        badFrames =
            badPacks.isEmpty
            ? [] : (0..<index.frameCount).map { badPacks.contains(index.pack(index.frame(UInt32($0)).pack).id) }
    }

    /// Checks everything that a record needs.
    func check(_ record: SnapshotRecord, into outcome: inout CheckOutcome) throws {
        let label = "snapshot \(record.shortIdentifier)"
        if let report = record.report { try checkContent(report, label, "its report", &outcome) }
        for source in record.sources {
            try checkContent(source.manifest, label, "the manifest of \(source.name)", &outcome)
        }
        try checkDirectory(record.root, label, [], &outcome)
    }

    private func checkDirectory(_ content: Content, _ label: String, _ path: [[UInt8]], _ outcome: inout CheckOutcome)
        throws
    {
        // A directory whose pages were all followed before holds nothing new. An empty one has no pages.
        let isNew = content.items.map { seenTrees.insert($0.id).inserted }.contains(true)
        guard isNew else { return }
        do {
            let cursor = try TreeCursor(content, reader: reader)
            while let item = try cursor.next() {
                try cancellation.check()
                entries += 1
                let name = path + [item.entry.name]
                guard let content = item.content else { continue }
                if item.entry.kind == .directory {
                    try checkDirectory(content, label, name, &outcome)
                } else {
                    try checkContent(content, label, text(name), &outcome)
                }
            }
        } catch { try note(label, path.isEmpty ? "its root" : text(path) + "/", error, &outcome) }
    }

    private func checkContent(_ content: Content, _ label: String, _ what: String, _ outcome: inout CheckOutcome) throws
    {
        do { try reader.walk(content) { id, length in try demand(id, length) } } catch {
            try note(label, what, error, &outcome)
        }
    }

    /// Throws `.damaged` unless a chunk lies in a pack that is there and good.
    private func demand(_ id: ChunkID, _ length: Int) throws {
        guard let place = index.place(of: id) else { throw Failure(.damaged, "a chunk of it (\(id)) is in no index") }
        guard Int(place.length) == length else {
            throw Failure(.damaged, "a chunk of it (\(id)) has another length than the index says")
        }
        guard badFrames.isEmpty || !badFrames[Int(place.frame)] else {
            throw Failure(
                .damaged,
                "a chunk of it lies in \(index.pack(index.frame(place.frame).pack).name.text), which is damaged or missing"
            )
        }
    }

    private func note(_ label: String, _ what: String, _ error: any Error, _ outcome: inout CheckOutcome) throws {
        let failure = Failure(error)
        guard failure.kind == .damaged else { throw failure }
        outcome.note("\(label): \(what)", failure.description)
    }

    private func text(_ path: [[UInt8]]) -> String { path.map { printable($0) }.joined(separator: "/") }
}
