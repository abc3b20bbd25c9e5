import Entries
import Platform
import Repositories
import Storage

/// Follows snapshots' trees and sees that every chunk they need is at hand. Each directory is followed once, in
/// whichever snapshot it comes first. Used by one thread.
final class TreeCheck {
    /// A directory that is being followed. Levels are kept in an array: a tree may be deeper than any stack.
    private struct Level {
        var cursor: TreeCursor
        var name: [UInt8]
    }

    private let index: ChunkIndex
    private let reader: ChunkReader
    private let namer: ChunkNamer
    private let cancellation: any Cancellation
    private let badFrames: [Bool]
    private let unindexedFrames: [Bool]
    /// Whether a chunk was needed that only a pack's own directory names.
    private(set) var needsUnindexed = false
    private var seenTrees: Set<ChunkID> = []
    private(set) var entries = 0

    init(
        _ repository: Repository, index: ChunkIndex, badPacks: Set<[UInt8]>, unindexed: Set<[UInt8]>,
        cancellation: any Cancellation
    ) {
        self.index = index
        self.cancellation = cancellation
        namer = repository.namer()
        reader = ChunkReader(repository, index: index, keeping: 8, recovers: false)
        badFrames = Self.frames(of: badPacks, index)
        unindexedFrames = Self.frames(of: unindexed, index)
    }

    /// Which frames lie in some packs; nothing when there are none.
    private static func frames(of packs: Set<[UInt8]>, _ index: ChunkIndex) -> [Bool] {
        guard !packs.isEmpty else { return [] }
        return (0..<index.frameCount).map { packs.contains(index.pack(index.frame(UInt32($0)).pack).id) }
    }

    /// Checks everything that a record needs.
    func check(_ record: SnapshotRecord, into outcome: inout CheckOutcome) throws {
        let label = "snapshot \(record.shortIdentifier)"
        if let report = record.report { try checkContent(report, label, "its report", &outcome) }
        for source in record.sources {
            try checkContent(source.manifest, label, "the manifest of \(source.name)", &outcome)
        }
        try checkRoot(record, label, &outcome)
    }

    private func checkRoot(_ record: SnapshotRecord, _ label: String, _ outcome: inout CheckOutcome) throws {
        var levels: [Level] = []
        var roots: Set<[UInt8]> = []
        levels.append(Level(cursor: try TreeCursor(record.root, reader: reader), name: []))
        while let level = levels.last {
            try cancellation.check()
            let item: TreeEntry?
            do { item = try level.cursor.next() } catch {
                try note(label, levels.count == 1 ? "its root" : path(levels) + "/", error, &outcome)
                levels.removeLast()
                continue
            }
            guard let item else {
                levels.removeLast()
                continue
            }
            entries += 1
            if levels.count == 1 { roots.insert(item.entry.name) }
            guard let content = item.content else { continue }
            if item.entry.kind != .directory {
                try check(item, content, label, levels, &outcome)
            } else if isNew(content) {
                levels.append(Level(cursor: try TreeCursor(content, reader: reader), name: item.entry.name))
            }
        }
        for source in record.sources where !roots.contains(Array(source.name.utf8)) {
            outcome.note("\(label): \(source.name)", "the record names this source, and its tree does not hold it")
        }
    }

    /// Whether a directory has pages that were not followed before. An empty one has none.
    private func isNew(_ content: Content) -> Bool {
        content.items.map { seenTrees.insert($0.id).inserted }.contains(true)
    }

    private func check(
        _ item: TreeEntry, _ content: Content, _ label: String, _ levels: [Level], _ outcome: inout CheckOutcome
    ) throws {
        do {
            try reader.walk(content) { id, length in try demand(id, length) }
            // The digest of a file of one chunk gives the chunk's id: an entry that is wrong about it is seen for
            // nothing.
            if content.depth == 0, content.items.count == 1,
                namer.name(.content, digest: item.entry.digest) != content.items[0].id
            {
                throw Failure(.damaged, "its SHA-256 is not that of its chunk")
            }
        } catch { try note(label, path(levels, item.entry.name), error, &outcome) }
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
        if !unindexedFrames.isEmpty, unindexedFrames[Int(place.frame)] { needsUnindexed = true }
        guard badFrames.isEmpty || !badFrames[Int(place.frame)] else {
            let pack = index.pack(index.frame(place.frame).pack).name.text
            throw Failure(.damaged, "a chunk of it lies in \(pack), which is damaged or missing")
        }
    }

    private func note(_ label: String, _ what: String, _ error: any Error, _ outcome: inout CheckOutcome) throws {
        outcome.note("\(label): \(what)", try CheckOutcome.damage(error).description)
    }

    private func path(_ levels: [Level], _ last: [UInt8]? = nil) -> String {
        (levels.dropFirst().map { $0.name } + (last.map { [$0] } ?? [])).map { printable($0) }.joined(separator: "/")
    }
}
