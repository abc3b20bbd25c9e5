import Entries
import Platform
import Repositories
import Storage

/// Follows snapshots' trees and sees that every chunk they need is at hand. Each directory and each chunk list is
/// followed once, in whichever snapshot it comes first. Used by one thread.
///
/// It holds a bit a chunk of the index for the directories, 24 bytes a chunk list, and the directories on the way to
/// where it is.
final class TreeCheck {
    /// A directory that is being followed. Levels are kept in an array: a tree may be deeper than any stack.
    private struct Level {
        let cursor: TreeCursor
        let name: [UInt8]
    }

    private let index: ChunkIndex
    private let reader: ChunkReader
    private let namer: ChunkNamer
    private let cancellation: any Cancellation
    private let packs: PackStates
    private let content: ((TreeEntry, Content, ChunkReader, _ found: ContentJob) throws -> Void)?
    private var seenPages: NumberSet
    /// The positions of chunk lists of which everything is at hand, and how many bytes they cover.
    private var goodLists: [Int: UInt64] = [:]
    /// What is wrong with snapshots.
    private(set) var findings = CheckOutcome()
    /// Whether a chunk was needed that only a pack's own directory names.
    private(set) var needsUnindexed = false
    private(set) var entries = 0

    /// Follows trees by `index`, with what is known of its packs. Files of several chunks are told to `content`.
    init(
        _ repository: Repository, index: ChunkIndex, packs: PackStates, cancellation: any Cancellation,
        content: ((TreeEntry, Content, ChunkReader, ContentJob) throws -> Void)? = nil
    ) {
        self.index = index
        self.packs = packs
        self.cancellation = cancellation
        self.content = content
        namer = repository.namer()
        reader = ChunkReader(repository, index: index, keeping: 8, recovers: false)
        seenPages = NumberSet(below: index.positions)
    }

    /// Checks everything that a record needs.
    func check(_ record: SnapshotRecord) throws {
        let label = "snapshot \(record.shortIdentifier)"
        if let report = record.report { try checkContent(report, label, "its report") }
        for source in record.sources { try checkContent(source.manifest, label, "the manifest of \(source.name)") }
        try checkRoot(record, label)
    }

    private func checkRoot(_ record: SnapshotRecord, _ label: String) throws {
        var levels: [Level] = []
        var roots: Set<[UInt8]> = []
        levels.append(Level(cursor: try TreeCursor(record.root, reader: reader), name: []))
        while let level = levels.last {
            try cancellation.check()
            let item: TreeEntry?
            do { item = try level.cursor.next() } catch {
                try note(label, levels.count == 1 ? "its root" : path(levels) + "/", error)
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
                try check(item, content, label, levels)
            } else if isNew(content) {
                levels.append(Level(cursor: try TreeCursor(content, reader: reader), name: item.entry.name))
            }
        }
        for source in record.sources where !roots.contains(Array(source.name.utf8)) {
            findings.note("\(label): \(source.name)", "the record names this source, and its tree does not hold it")
        }
    }

    /// Whether a directory has pages that were not followed before. An empty one has none.
    private func isNew(_ content: Content) -> Bool {
        // What is in no index is told wherever it is needed.
        content.items.map { index.position(of: $0.id).map { seenPages.insert($0) } ?? true }.contains(true)
    }

    private func check(_ item: TreeEntry, _ content: Content, _ label: String, _ levels: [Level]) throws {
        do {
            try demand(content.items, depth: content.depth)
            // The digest of a file of one chunk gives the chunk's id: an entry that is wrong about it is seen for
            // nothing.
            if content.depth == 0, content.items.count == 1 {
                guard namer.name(.content, digest: item.entry.digest) == content.items[0].id else {
                    throw Failure(.damaged, "its SHA-256 is not that of its chunk")
                }
            } else if !content.items.isEmpty, let tell = self.content {
                let path = levels.dropFirst().map { $0.name } + [item.entry.name]
                try tell(
                    item, content, reader,
                    ContentJob(content: content, digest: item.entry.digest, label: label, path: path))
            }
        } catch { try note(label, path(levels, item.entry.name), error) }
    }

    private func checkContent(_ content: Content, _ label: String, _ what: String) throws {
        do { try demand(content.items, depth: content.depth) } catch { try note(label, what, error) }
    }

    /// Throws `.damaged` unless everything under some items is at hand. Lists are nested four deep at most.
    private func demand(_ items: [Content.Item], depth: UInt8) throws {
        for item in items {
            try cancellation.check()
            guard depth > 0 else {
                try demand(item.id, item.covered)
                continue
            }
            let position = index.position(of: item.id)
            if let position, goodLists[position] == item.covered { continue }
            try demand(try reader.list(item), depth: depth - 1)
            if let position { goodLists[position] = item.covered }
        }
    }

    /// Throws `.damaged` unless a copy of a chunk lies in a pack that is there and good, or can be read out of a bad
    /// one: of a pack with one wrong byte most is not lost.
    private func demand(_ id: ChunkID, _ length: UInt64) throws {
        guard let place = index.place(of: id) else { throw Failure(.damaged, "a chunk of it (\(id)) is in no index") }
        if !packs.hasOthers, UInt64(place.length) == length { return }
        let copies = index.places(of: id).filter { UInt64($0.length) == length }
        guard !copies.isEmpty else {
            throw Failure(.damaged, "a chunk of it (\(id)) has another length than the index says")
        }
        let states = copies.map { packs[index.pack(ofFrame: $0.frame)] }
        if states.contains(.good) { return }
        if states.contains(.unindexed) {
            needsUnindexed = true
        } else if try !canBeRead(id) {
            let pack = index.pack(index.pack(ofFrame: copies[0].frame)).name.text
            throw Failure(.damaged, "a chunk of it lies in \(pack), which is damaged or missing")
        }
    }

    private func canBeRead(_ id: ChunkID) throws -> Bool {
        do { return try reader.read(id, .content) { _, _ in true } } catch let failure as Failure
            where failure.kind == .damaged
        { return false }
    }

    private func note(_ label: String, _ what: String, _ error: any Error) throws {
        let damage = CheckOutcome.Damage(
            object: "\(label): \(what)", sentence: try CheckOutcome.damage(error).description)
        // One page that is named a thousand times is one damage.
        if findings.damages.last != damage { findings.note(damage.object, damage.sentence) }
    }

    private func path(_ levels: [Level], _ last: [UInt8]? = nil) -> String {
        (levels.dropFirst().map { $0.name } + (last.map { [$0] } ?? [])).map { printable($0) }.joined(separator: "/")
    }
}
