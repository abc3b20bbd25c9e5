import Entries
import Platform

/// Steps through the entries of one directory in order, a page at a time. Used by one thread.
package final class TreeCursor {
    private let reader: ChunkReader
    private let pages: ContentCursor
    private var entries: [TreeEntry] = []
    private var position = 0
    private var lastName: [UInt8] = []

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
        while position == entries.count {
            guard let (id, length) = try pages.next() else { return nil }
            entries = try page(id, length)
            position = 0
        }
        position += 1
        return entries[position - 1]
    }

    /// The entry of a name that comes at or after the current position, nil when there is none.
    ///
    /// Names must be asked for in ascending order: what lies before the name is passed over for good.
    package func advance(to name: [UInt8]) throws -> TreeEntry? {
        while let entry = try next() {
            if entry.entry.name == name { return entry }
            if name.lexicographicallyPrecedes(entry.entry.name) {
                position -= 1
                return nil
            }
        }
        return nil
    }

    private func page(_ id: ChunkID, _ length: Int) throws -> [TreeEntry] {
        let object = "the tree page \(id)"
        var bytes = ByteReader(try reader.bytes(id, .treePage), object: object)
        guard bytes.remaining == length else { throw bytes.damaged("it has another length than its directory says") }
        guard try bytes.byte() == 1 else {
            throw Failure(
                .failed, "\(object) is of a version that this salvor does not know", hint: "use a newer salvor")
        }
        var entries: [TreeEntry] = []
        while !bytes.isAtEnd {
            let entry = try TreeEntryCoding.read(from: &bytes, object: object)
            guard lastName.lexicographicallyPrecedes(entry.entry.name) else {
                throw bytes.damaged("its names do not ascend")
            }
            lastName = entry.entry.name
            entries.append(entry)
        }
        return entries
    }
}
