import Entries
import Platform

/// The first name of each page of a large directory: any name is reached by reading one page, and not all before it.
package struct DirectoryPages: Sendable {
    private struct Page {
        var first: [UInt8]
        var item: Content.Item
        /// Why pages between this one and the next cannot be read.
        var damage: Failure?
    }

    private var pages: [Page] = []
    /// Why pages before the first one cannot be read.
    private var damage: Failure?

    /// Directories of more pages are read from their beginning: some 80 bytes a page are kept here.
    private static let pagesAtMost = 1 << 16

    /// Looks at every page; nil when there is only one, or too many.
    package init?(_ content: Content, reader: ChunkReader) throws {
        guard content.depth > 0 || content.items.count > 1 else { return nil }
        let cursor = ContentCursor(content, reader: reader)
        while let (id, length) = try cursor.next() {
            guard pages.count < Self.pagesAtMost else { return nil }
            let item = Content.Item(id: id, covered: UInt64(length))
            do {
                guard let first = try Self.cursor(item, reader).next() else { return nil }
                pages.append(Page(first: first.entry.name, item: item))
            } catch let failure as Failure where failure.kind == .damaged {
                if pages.isEmpty { damage = failure } else { pages[pages.count - 1].damage = failure }
            }
        }
    }

    /// The entry of a name, nil when there is none. Throws `.damaged` when it may lie in a page that cannot be read.
    package func entry(_ name: [UInt8], reader: ChunkReader) throws -> TreeEntry? {
        var (low, high) = (0, pages.count)
        while low < high {
            let middle = (low + high) / 2
            if name.lexicographicallyPrecedes(pages[middle].first) { high = middle } else { low = middle + 1 }
        }
        if low > 0, let entry = try Self.cursor(pages[low - 1].item, reader).advance(to: name) { return entry }
        if let failure = low > 0 ? pages[low - 1].damage : damage { throw failure }
        return nil
    }

    private static func cursor(_ page: Content.Item, _ reader: ChunkReader) throws -> TreeCursor {
        try TreeCursor(Content(length: page.covered, depth: 0, items: [page]), reader: reader)
    }
}
