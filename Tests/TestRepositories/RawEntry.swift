import Platform
import Repositories

/// An entry of a tree page as bytes, with whatever is wrong in it.
package struct RawEntry: Sendable {
    package var kind: UInt8
    package var name: [UInt8]
    package var permissions: UInt64 = 0o644
    package var inode: UInt64 = 0
    package var device: UInt64 = 0
    package var links: UInt64 = 1
    package var changed: Int64 = 0
    package var fields: [(tag: UInt8, payload: [UInt8])] = []

    /// An entry of a kind.
    package init(_ kind: UInt8, _ name: [UInt8], _ fields: [(tag: UInt8, payload: [UInt8])] = []) {
        self.kind = kind
        self.name = name
        self.fields = fields
    }

    /// A file with a content.
    package static func file(_ name: String, _ content: Content, digest: [UInt8]) -> RawEntry {
        RawEntry(1, Array(name.utf8), [(1, digest + bytes(content))])
    }

    /// A directory with pages.
    package static func directory(_ name: String, _ pages: Content) -> RawEntry {
        RawEntry(2, Array(name.utf8), [(2, bytes(pages))])
    }

    /// A symlink.
    package static func symlink(_ name: String, to target: String) -> RawEntry {
        RawEntry(3, Array(name.utf8), [(3, Array(target.utf8))])
    }

    /// The same with another name.
    package func named(_ name: [UInt8]) -> RawEntry {
        var entry = self
        entry.name = name
        return entry
    }

    /// A content as a field holds it.
    package static func bytes(_ content: Content) -> [UInt8] {
        RawBytes.varint(content.length) + [content.depth] + items(content.items)
    }

    /// The items of a content, or a chunk list.
    package static func items(_ items: [Content.Item]) -> [UInt8] {
        RawBytes.varint(UInt64(items.count)) + items.flatMap { $0.id.bytes + RawBytes.varint($0.covered) }
    }

    /// What a page holds of it.
    package var bytes: [UInt8] {
        let seconds = RawBytes.varint(UInt64(bitPattern: (changed << 1) ^ (changed >> 63)))
        var inner = [kind] + RawBytes.sized(name) + RawBytes.varint(permissions) + [0, 0, 0, 0]
        inner += seconds + [0] + seconds + [0]
        for number in [inode, device, links] { inner += RawBytes.varint(number) }
        for (tag, payload) in fields { inner += [tag] + RawBytes.sized(payload) }
        return RawBytes.sized(inner)
    }
}
