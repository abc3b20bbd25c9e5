import Entries
import Platform

/// SQL on its way from `pg_restore` into the sink, with our restriction in place of its own.
final class PostgresSectionReader: ContentReader {
    private let content: PostgresSectionContent
    private let child: ChildProcess
    private let listPath: String?
    private var scratch = Buffer(capacity: 64 << 10)
    /// What has been read and not yet given away.
    private var held: [UInt8] = []
    private var given = 0
    private var word: [UInt8]?
    private var hasBegun = false
    private var hasEnded = false
    private var bytes: UInt64 = 0

    /// The first lines of a text, up to the first object, are shorter than this; so is its last line.
    private static let headBytes = 8 << 10
    private static let tailBytes = 512
    private static let emptied = Array("SELECT pg_catalog.set_config('search_path', '', false);\n".utf8)

    /// Starts `pg_restore`.
    init(_ content: PostgresSectionContent) throws {
        self.content = content
        var words = [
            content.binaries.path("pg_restore"), "--file=-", "--section=\(content.section)", "--no-tablespaces",
            "--no-subscriptions",
        ]
        if let items = content.items {
            let base = Environment.value("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
            let path = "\(base)/salvor-\(Host.processID)-\(UInt64.random(in: 0 ... .max)).list"
            let file = try FileDescriptor(creating: Array(path.utf8))
            try file.write(PostgresArchiveList.file(items).span)
            words.append("--use-list=\(path)")
            listPath = path
        } else {
            listPath = nil
        }
        let archive = try content.spool.open()
        child = try ChildProcess(
            words, environment: PostgresEnvironment.local(), input: .descriptor(archive.number), output: .pipe,
            errors: .null)
    }

    deinit {
        if child.endingIfAny() == nil { child.stop() }
        if let listPath { _ = try? FileTree.remove(Array(listPath.utf8)) }
    }

    func read(into buffer: inout Buffer) throws -> Bool {
        while available == 0 {
            if hasEnded { return false }
            try refill()
        }
        let count = min(buffer.room, available)
        buffer.append(held[given..<given + count].span)
        given += count
        bytes += UInt64(count)
        return true
    }

    func finish() throws -> (entry: Entry, unchanged: Bool) {
        var entry = content.entry
        entry.size = bytes
        return (entry, true)
    }

    /// The head is held back until it is whole, and the last bytes until it is known whether they are the end.
    private var available: Int {
        hasEnded ? held.count - given : hasBegun ? max(0, held.count - given - Self.tailBytes) : 0
    }

    private func refill() throws {
        held.removeFirst(given)
        given = 0
        scratch.clear()
        let more = try child.readOutput(into: &scratch) > 0
        held.append(scratch.bytes)
        if !hasBegun, !more || held.count >= Self.headBytes { try begin() }
        if more { return }
        let ending = try child.wait()
        guard ending.succeeded else {
            throw Failure(.failed, "pg_restore could not write SQL of the definitions (\(ending.words))")
        }
        hasEnded = true
        if let word, let line = held.firstRange(of: Array("\n\\unrestrict ".utf8) + word + [10]) {
            held.removeSubrange(line.lowerBound..<held.count)
        }
        held += Array(content.restriction.closing.utf8)
    }

    private func begin() throws {
        hasBegun = true
        // Nothing of the server's is above the first object.
        let head = held.firstRange(of: Array("\n-- Name: ".utf8))?.lowerBound ?? held.count
        let mark = Array("\n\\restrict ".utf8)
        let emptied = held[..<head].firstRange(of: Self.emptied)
        if let path = content.searchPath {
            guard let emptied else {
                throw Failure(.failed, "pg_restore wrote SQL whose search path is not where it is expected")
            }
            let set = "SELECT pg_catalog.set_config('search_path', \(PostgresText.literal(path)), false);\n"
            held.replaceSubrange(emptied, with: Array(set.utf8))
        }
        if let line = held[..<head].firstRange(of: mark) {
            let end = held[line.upperBound...].firstIndex(of: 10) ?? held.count
            word = Array(held[line.upperBound..<end])
            held.removeSubrange(line.lowerBound..<end)
        }
        held.insert(contentsOf: Array(content.restriction.opening.utf8), at: 0)
    }
}
