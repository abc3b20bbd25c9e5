import DataSources
import Entries
import Formats
import Platform
import Repositories
import Sealing

/// Writes an item of a snapshot, and everything in it, as a tar archive: one pass, in the order of the tree. Members
/// are called by the paths that `ls` shows. Used by one thread.
///
/// A damaged file is left out when that is seen before its first byte is written, which is so for every file of one
/// chunk; else zeros stand where bytes cannot be read. An archive with any damage has no end: its last member tells
/// what is wrong and is shorter than its header says, hence every reader of the archive complains.
package final class ArchiveRun {
    private let item: SnapshotItem
    private let reader: ChunkReader
    private let cancellation: any Cancellation
    private let counters: WorkCounters
    private let sink: (Span<UInt8>) throws -> Void
    private let digest = Digest()
    private var links: ArchiveLinks
    private var outcome = ArchiveOutcome()
    private var hasSinkFailed = false

    private static let noticesAtMost = 1000

    /// Prepares to write to `sink`. Groups of hard links are remembered in `linkBytes`.
    package init(
        _ item: SnapshotItem, reader: ChunkReader, linkBytes: Int = 32 << 20,
        cancellation: any Cancellation = NeverCancelled(), counters: WorkCounters = WorkCounters(),
        sink: @escaping (Span<UInt8>) throws -> Void
    ) {
        self.item = item
        self.reader = reader
        self.cancellation = cancellation
        self.counters = counters
        self.sink = sink
        links = ArchiveLinks(limit: linkBytes)
    }

    /// Writes the archive. What is damaged is in the outcome; whatever throws leaves an archive without an end.
    package func run() throws -> ArchiveOutcome {
        do {
            try writeMembers()
            if outcome.unread.damaged == 0 { try write(TarHeader.end) } else { try writeBrokenEnd() }
        } catch {
            // It may have stopped between two members, where a reader would take it for whole.
            if !hasSinkFailed { try? writeBrokenEnd() }
            throw error
        }
        return outcome
    }

    private func writeMembers() throws {
        if let entry = item.entry { try add(entry, item.path) }
        guard let content = item.directory else { return }
        let walk = try SnapshotWalk(content, of: item.record, path: item.path, reader: reader)
        while walk.depth > 0 {
            try cancellation.check()
            let next: TreeEntry?
            do { next = try walk.next() } catch {
                let label = item.label(walk.directory)
                try outcome.unread.noteDamage(label, "not everything in it is in the archive", error)
                continue
            }
            guard let next else {
                walk.leave()
                continue
            }
            try add(next, walk.path)
            if next.entry.kind == .directory { try walk.enter(next) }
        }
    }

    // MARK: Members

    private func add(_ item: TreeEntry, _ path: [UInt8]) throws {
        let entry = item.entry
        guard var member = TarMember(entry, path: path) else {
            return notice(path, "is a socket, which no archive holds: it is left out")
        }
        let group = ArchiveLinks.group(of: entry)
        if let group, let first = links.first(of: group) {
            member = TarMember(entry, path: path, linkedTo: first) ?? member
            try write(TarHeader.bytes(of: member))
        } else if entry.kind == .file {
            guard try addFile(item, member) else { return }
            if let group { links.remember(group, path, links: entry.links) }
        } else {
            try write(TarHeader.bytes(of: member))
            if let group { links.remember(group, path, links: entry.links) }
        }
        outcome.members += 1
        if entry.inodeFlags != 0 { outcome.flagged += 1 }
        counters.add(items: 1)
    }

    private func notice(_ path: [UInt8], _ sentence: String) {
        guard outcome.notices.count < Self.noticesAtMost else { return }
        outcome.notices.append(Finding(.notice, item.label(path), sentence))
    }

    /// Writes a file; false when not everything of it could be read.
    private func addFile(_ file: TreeEntry, _ member: TarMember) throws -> Bool {
        // No file has an offset beyond, and what the headers add to it would overflow.
        guard member.size <= UInt64(Int64.max) else {
            let failure = Failure(.damaged, "it claims \(member.size) bytes, more than a file can have")
            try outcome.unread.noteDamage(item.label(member.path), "is left out", failure)
            return false
        }
        let cursor = ContentCursor(file.content ?? .empty, reader: reader)
        var content = ArchiveContent(size: member.size, map: member.sparse, digest: digest) { [self] in try write($0) }
        var hasBegun = false
        var damage: Failure?
        while true {
            try cancellation.check()
            do {
                guard let (id, length) = try cursor.next() else { break }
                try fill(&content, to: cursor.offset)
                if hasBegun, content.isHole(length) {
                    try fill(&content, to: content.position + UInt64(length))
                    continue
                }
                try reader.read(id, .content) { bytes, _ in
                    guard bytes.count == length else {
                        throw Failure(.damaged, "the chunk \(id) has another length than its content says")
                    }
                    if !hasBegun { try begin(member) }
                    hasBegun = true
                    try content.append(bytes)
                }
            } catch let failure as Failure where failure.kind == .damaged {
                guard hasBegun else {
                    try outcome.unread.noteDamage(item.label(member.path), "is left out", failure)
                    return false
                }
                damage = damage ?? failure
            }
        }
        if !hasBegun { try begin(member) }
        try fill(&content, to: member.size)
        try write([UInt8](repeating: 0, count: TarHeader.filling(behind: member.stored)))
        let sum = content.finish()
        if let damage {
            try outcome.unread.noteDamage(item.label(member.path), "has zeros where it cannot be read", damage)
        } else if sum != file.entry.digest {
            let failure = Failure(.damaged, "its SHA-256 differs")
            try outcome.unread.noteDamage(item.label(member.path), "is not what was saved", failure)
        }
        return damage == nil && sum == file.entry.digest
    }

    private func begin(_ member: TarMember) throws {
        try write(TarHeader.bytes(of: member))
        try member.sparse?.write { try write($0) }
    }

    /// Lets zeros stand for everything up to `offset`.
    private func fill(_ content: inout ArchiveContent, to offset: UInt64) throws {
        guard offset > content.position else { return }
        try content.appendZeros(offset - content.position) { try cancellation.check() }
    }

    /// A last member that tells what is wrong, and whose last block does not come.
    private func writeBrokenEnd() throws {
        var text = "This archive is not whole.\n\n"
        for finding in outcome.unread.findings { text += "\(finding.object): \(finding.sentence)\n" }
        if outcome.unread.findings.isEmpty { text += "It was not written to its end.\n" }
        let bytes = Array(text.utf8)
        var member = TarMember(.file, path: Array("SALVOR-DAMAGED.txt".utf8))
        member.size = UInt64(TarHeader.filled(bytes.count) + TarHeader.blockBytes)
        try write(TarHeader.bytes(of: member))
        try write(bytes + [UInt8](repeating: 0, count: TarHeader.filling(behind: UInt64(bytes.count))))
    }

    private func write(_ bytes: [UInt8]) throws { try write(bytes.span) }

    private func write(_ bytes: Span<UInt8>) throws {
        guard bytes.count > 0 else { return }
        do { try sink(bytes) } catch {
            hasSinkFailed = true
            throw error
        }
        outcome.bytes += UInt64(bytes.count)
        counters.add(bytes: bytes.count)
    }
}
