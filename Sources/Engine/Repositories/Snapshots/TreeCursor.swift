import Entries
import Platform

/// Steps through the entries of one directory in order. It holds one page, as it is stored. Used by one thread.
///
/// After a failure it goes on behind what could not be read: what lies between the entry before and the entry after is
/// unknown then. After a thousand failures it is at its end: what a directory claims to hold may have none.
package final class TreeCursor {
    private struct Page {
        let id: ChunkID
        let length: Int
        /// What it is called in failures.
        let object: String
        /// Nil while it rests.
        var bytes: ByteReader?
        /// Where it goes on after a rest.
        var position = 0

        init(_ id: ChunkID, _ length: Int) {
            self.id = id
            self.length = length
            object = "the tree page \(id)"
        }
    }

    private let reader: ChunkReader
    private let pages: ContentCursor
    /// The page that is being read.
    private var page: Page?
    /// The page that comes next, when it has been looked at.
    private var upcoming: Page?
    /// An entry that was read too early.
    private var returned: TreeEntry?
    private var lastName: [UInt8] = []
    private var failures = 0
    private var pagesTaken = 0

    private static let failuresAtMost = 1000
    private static let pagesWithoutIndex = 1 << 20

    /// Begins at the first entry of a directory.
    package init(_ content: Content, reader: ChunkReader) throws {
        guard content.depth <= Limits.contentDepth else {
            throw Failure(.damaged, "a directory's chunk lists are nested too deeply")
        }
        self.reader = reader
        pages = ContentCursor(content, reader: reader)
    }

    /// The next entry, nil at the end.
    package func next() throws -> TreeEntry? {
        if let entry = returned {
            returned = nil
            return entry
        }
        do {
            while true {
                if page == nil {
                    guard let next = try takeUpcoming() else { return nil }
                    page = next
                }
                if page?.bytes == nil { try open() }
                if let entry = try nextInPage() { return entry }
                page = nil
            }
        } catch {
            page = nil
            failures += 1
            throw error
        }
    }

    /// The entry of a name that comes at or after the current position, nil when there is none.
    ///
    /// Names must be asked for in ascending order: what lies before the name is passed over for good. A page that
    /// cannot be read is a failure only when the entry may lie in it.
    package func advance(to name: [UInt8]) throws -> TreeEntry? {
        var damage: (any Error)?
        while true {
            do {
                guard let entry = try next() else { break }
                if entry.entry.name == name { return entry }
                if name.lexicographicallyPrecedes(entry.entry.name) {
                    returned = entry
                    break
                }
                damage = nil
            } catch let failure as Failure where failure.kind == .damaged { damage = damage ?? failure }
        }
        if let damage { throw damage }
        return nil
    }

    /// The page that the next entry lies in, when no entry of it was read yet; nil in the middle of a page, and at the
    /// end.
    package func nextPage() throws -> ChunkID? {
        guard returned == nil else { return nil }
        if let page {
            guard page.bytes?.isAtEnd == true else { return nil }
            self.page = nil
        }
        do {
            if upcoming == nil { upcoming = try takeUpcoming() }
        } catch {
            failures += 1
            throw error
        }
        return upcoming?.id
    }

    /// Passes over the page that `nextPage` told, unread.
    package func skipPage() {
        precondition(upcoming != nil, "there is no page to pass over")
        upcoming = nil
    }

    /// Lets go of the page in memory; it is read again for its next entry. For the many directories above a deep one.
    package func rest() {
        guard let bytes = page?.bytes, !bytes.isAtEnd else { return }
        page?.position = bytes.position
        page?.bytes = nil
    }

    private func takeUpcoming() throws -> Page? {
        if let page = upcoming {
            upcoming = nil
            return page
        }
        guard failures < Self.failuresAtMost, let (id, length) = try pages.next() else { return nil }
        // No page can come twice, so there are at most as many as there are chunks; while an index is lost, more than
        // it knows.
        pagesTaken += 1
        guard pagesTaken <= max(reader.index.positions, Self.pagesWithoutIndex) else {
            failures = Self.failuresAtMost
            throw Failure(.damaged, "a directory has more pages than there are chunks in the repository")
        }
        return Page(id, length)
    }

    private func open() throws {
        guard let page else { return }
        var bytes = ByteReader(
            try reader.bytes(page.id, .treePage), from: page.position, object: page.object)
        guard page.position + bytes.remaining == page.length else {
            throw bytes.damaged("it has another length than its directory says")
        }
        if page.position == 0 {
            guard try bytes.byte() == 1 else {
                throw Failure(
                    .failed, "\(page.object) is of a version that this salvor does not know", hint: "use a newer salvor"
                )
            }
            // A directory of endlessly many pages without entries would keep its reader for ever.
            guard !bytes.isAtEnd else { throw bytes.damaged("it has no entries") }
        }
        self.page?.bytes = bytes
    }

    /// The next entry of the open page; nil at its end.
    private func nextInPage() throws -> TreeEntry? {
        guard page?.bytes?.isAtEnd == false, let object = page?.object,
            let entry = try page?.bytes?.entry(object: object)
        else { return nil }
        guard lastName.lexicographicallyPrecedes(entry.entry.name) else {
            throw Failure(.damaged, "\(object) is damaged", cause: "its names do not ascend")
        }
        lastName = entry.entry.name
        return entry
    }
}

extension ByteReader {
    fileprivate mutating func entry(object: String) throws -> TreeEntry {
        try TreeEntryCoding.read(from: &self, object: object)
    }
}
