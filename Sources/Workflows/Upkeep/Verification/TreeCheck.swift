import Entries
import Platform
import Repositories
import Sealing
import Storage

/// Follows snapshots' trees and sees that every chunk they need is at hand. Each directory and each chunk list is
/// followed once, in whichever snapshot it comes first; pages that led to damage are followed again for every snapshot
/// that has them, so that each of them is named. Used by one thread.
///
/// It holds two bits a chunk of the index for the directories, 24 bytes a chunk list, and the directories on the way to
/// where it is.
final class TreeCheck {
    /// A directory that is being followed. Levels are kept in an array: a tree may be deeper than any stack.
    private struct Level {
        let cursor: TreeCursor
        let content: Content
        let name: [UInt8]
        /// Whether there is nothing new in it: pages that lead to no damage are passed over.
        let isKnown: Bool
        /// The position of the page at hand.
        var page: Int?
        /// Whether that page is marked as leading to damage, and those on the way to it.
        var isMarked = false
        var areListsMarked = false
    }

    /// Told each file of several chunks, once.
    typealias ContentListener = (TreeEntry, Content, ChunkReader, ContentJob) throws -> Void

    private let index: ChunkIndex
    private let reader: ChunkReader
    private let namer: ChunkNamer
    private let cancellation: any Cancellation
    private let packs: PackStates
    private let wrong: [Int: String]
    private let content: ContentListener?
    private var pages: FollowedPages
    /// The positions of chunk lists of which everything is at hand, and how many bytes they cover.
    private var goodLists: [Int: UInt64] = [:]
    private var levels: [Level] = []
    /// `snapshot 1a2b3c4d`, the one at hand.
    private var label = ""
    /// Whether any damage of the snapshot at hand is in the list.
    private var isNamed = false
    private var lastNoted: CheckOutcome.Damage?
    /// What is wrong with snapshots.
    private(set) var findings = CheckOutcome()
    /// Whether a chunk was needed that only a pack's own directory names.
    private(set) var needsUnindexed = false
    private(set) var entries = 0

    private static let emptyDigest = Digest.sha256([UInt8]().span)

    /// Follows trees by `index`, with what is known of its packs, and what is wrong with contents by their keys. Files
    /// of several chunks are told to `content`.
    init(
        _ repository: Repository, index: ChunkIndex, packs: PackStates, wrong: [Int: String] = [:],
        cancellation: any Cancellation, content: ContentListener? = nil
    ) {
        self.index = index
        self.packs = packs
        self.wrong = wrong
        self.cancellation = cancellation
        self.content = content
        namer = repository.namer()
        reader = ChunkReader(repository, index: index, keeping: 8, recovers: false)
        pages = FollowedPages(index)
        guard packs.hasOthers else { return }
        reader.onFrame = { [unowned self] frame in
            if self.packs[index.pack(ofFrame: frame)] == .unindexed { needsUnindexed = true }
        }
    }

    /// Checks everything that a record needs.
    func check(_ record: SnapshotRecord) throws {
        label = "snapshot \(record.shortIdentifier)"
        isNamed = false
        levels = []
        if let report = record.report { try checkContent(report, "its report") }
        for source in record.sources { try checkContent(source.manifest, "the manifest of \(source.name)") }
        try checkRoot(record)
    }

    private func checkRoot(_ record: SnapshotRecord) throws {
        var roots: Set<[UInt8]> = []
        var isRootWhole = true
        pages.beginSnapshot()
        levels = [
            Level(cursor: try TreeCursor(record.root, reader: reader), content: record.root, name: [], isKnown: false)
        ]
        while let level = levels.last {
            try cancellation.check()
            let item: TreeEntry?
            do {
                try turnPage()
                item = try level.cursor.next()
            } catch {
                if levels.count == 1 { isRootWhole = false }
                try note(levels.count == 1 ? "its root" : path() + "/", error)
                continue
            }
            guard let item else {
                levels.removeLast()
                continue
            }
            if !level.isKnown { entries += 1 }
            if levels.count == 1 { roots.insert(item.entry.name) }
            guard let content = item.content else { continue }
            if item.entry.kind != .directory {
                try check(item, content)
            } else {
                try enter(item.entry.name, content)
            }
        }
        // Of a root that cannot be read nobody knows what it holds.
        guard isRootWhole else { return }
        for source in record.sources where !roots.contains(Array(source.name.utf8)) {
            add(.init(object: "\(label): \(source.name)", sentence: Self.absentSource))
        }
    }

    private static let absentSource = "the record names this source, and its tree does not hold it"

    /// Sees which page comes next, and passes over those that need not be followed.
    private func turnPage() throws {
        let last = levels.count - 1
        do {
            while let id = try levels[last].cursor.nextPage() {
                let page = index.position(of: id)
                if levels[last].isKnown, page.map({ pages.isClean($0) }) == true || isEnough() {
                    levels[last].cursor.skipPage()
                    continue
                }
                (levels[last].page, levels[last].isMarked) = (page, false)
                if let page { pages.follow(page) }
                return
            }
        } catch {
            (levels[last].page, levels[last].isMarked) = (nil, false)
            throw error
        }
    }

    /// Whether known damage need not be looked for again, since the snapshot at hand is named and so is all else that
    /// can be; then it is not counted either. A flood would have everything read for every snapshot.
    private func isEnough() -> Bool {
        guard isNamed, findings.isFull else { return false }
        findings.isCounted = false
        return true
    }

    private func enter(_ name: [UInt8], _ content: Content) throws {
        // Also when it is not followed again: whoever comes by another way, in another snapshot, must come here.
        if pages.leadsToDamage(content) { markDamage() }
        let turn = pages.turn(content)
        guard turn != .never else { return }
        if turn == .again, isEnough() { return }
        levels.append(
            Level(
                cursor: try TreeCursor(content, reader: reader), content: content, name: name, isKnown: turn == .again))
    }

    private func check(_ item: TreeEntry, _ content: Content) throws {
        do {
            try demand(content.items, depth: content.depth)
            // The digest of a file of one chunk gives the chunk's id: an entry that is wrong about it is seen for
            // nothing.
            if content.depth == 0, content.items.count == 1 {
                guard namer.name(.content, digest: item.entry.digest) == content.items[0].id else {
                    throw Failure(.damaged, "its SHA-256 is not that of its chunk")
                }
            } else if content.items.isEmpty {
                guard item.entry.digest == Self.emptyDigest else {
                    throw Failure(.damaged, "it is empty, and its SHA-256 is not that of no bytes")
                }
            } else {
                let job = ContentJob(content: content, digest: item.entry.digest)
                if !wrong.isEmpty, let sentence = wrong[job.key] { throw Failure(.damaged, sentence) }
                if let tell = self.content, levels.last?.isKnown == false { try tell(item, content, reader, job) }
            }
        } catch { try note(path(item.entry.name), error) }
    }

    private func checkContent(_ content: Content, _ what: String) throws {
        do { try demand(content.items, depth: content.depth) } catch { try note(what, error) }
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

    // MARK: Findings

    private func note(_ what: String, _ error: any Error) throws {
        let failure = try CheckOutcome.damage(error)
        markDamage()
        add(.init(object: "\(label): \(what)", sentence: failure.description))
    }

    private func add(_ damage: CheckOutcome.Damage) {
        // One page that is named a thousand times is one damage.
        guard damage != lastNoted else { return }
        lastNoted = damage
        findings.note(damage.object, damage.sentence, always: !isNamed)
        isNamed = true
    }

    /// Marks the pages on the way to where it is.
    private func markDamage() {
        for number in levels.indices.reversed() {
            let level = levels[number]
            if level.isMarked { return }
            levels[number].isMarked = true
            if let page = level.page { pages.markDamaged(page) }
            guard level.content.depth > 0, !level.areListsMarked else { continue }
            levels[number].areListsMarked = true
            pages.markDamaged(level.content.items)
        }
    }

    private func path(_ last: [UInt8]? = nil) -> String {
        (levels.dropFirst().map { $0.name } + (last.map { [$0] } ?? [])).map { printable($0) }.joined(separator: "/")
    }
}
