import Entries
import Platform
import Repositories

/// A directory of a snapshot that is compared.
final class SnapshotDirectory: ComparedDirectory {
    private let cursor: TreeCursor
    private let reader: ChunkReader
    private let count: DirectoryCount
    private var upcoming: ComparedEntry?
    /// What kept a page from being told; the next look throws it.
    private var failure: (any Error)?
    private(set) var hasGap = false

    /// `count` counts the directories of the tree that are entered.
    init(_ content: Content, reader: ChunkReader, count: DirectoryCount) throws {
        try count.enter(content)
        cursor = try TreeCursor(content, reader: reader)
        self.reader = reader
        self.count = count
    }

    func peek() throws -> ComparedEntry? {
        if let failure {
            self.failure = nil
            throw failure
        }
        if upcoming == nil {
            do { upcoming = try cursor.next().map { ComparedEntry($0) } } catch {
                hasGap = true
                throw error
            }
        }
        return upcoming
    }

    func pass() {
        upcoming = nil
        hasGap = false
    }

    func complete(_ entry: inout Entry, attributes: Bool) {}

    func findDigest(of entry: inout Entry) -> UInt64 { 0 }

    func enter(_ entry: ComparedEntry) throws -> any ComparedDirectory {
        try SnapshotDirectory(entry.content ?? .empty, reader: reader, count: count)
    }

    func rest() { cursor.rest() }

    /// Passes over the pages that both directories go on with, unread. Where a page ends is decided by names alone:
    /// large directories that differ in one name have all other pages in common.
    static func skipCommonPages(_ one: SnapshotDirectory, _ other: SnapshotDirectory) {
        // What lies in a gap would be forgotten behind a page that nobody looked into.
        guard one.upcoming == nil, other.upcoming == nil, !one.hasGap, !other.hasGap else { return }
        while let page = one.nextPage(), other.nextPage() == page {
            one.cursor.skipPage()
            other.cursor.skipPage()
        }
    }

    private func nextPage() -> ChunkID? {
        do { return try cursor.nextPage() } catch {
            hasGap = true
            failure = error
            return nil
        }
    }
}
