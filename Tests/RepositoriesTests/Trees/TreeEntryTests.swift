import Entries
import Platform
import TestDoubles
import Testing

@testable import Repositories

@Suite("Entries as bytes")
struct TreeEntryTests {
    static let content = Content(length: 10, depth: 0, items: [Content.Item(id: ChunkID(high: 1, low: 2), covered: 10)])

    /// An entry with a value in every field that its kind may have.
    static func full(_ kind: Entry.Kind) -> TreeEntry {
        var entry = Entry(
            name: [0xff, 0x20, 0x0a], kind: kind, permissions: 0o7777,
            modified: Instant(seconds: .min, nanoseconds: 999_999_999))
        entry.user = .max
        entry.group = .max
        entry.userName = String(repeating: "u", count: 256)
        entry.groupName = "größe"
        entry.changed = Instant(seconds: .max, nanoseconds: 1)
        entry.born = Instant(seconds: -1, nanoseconds: 5)
        entry.inode = .max
        entry.device = .max
        entry.links = .max
        entry.attributes = [
            ExtendedAttribute(name: [1], value: []), ExtendedAttribute(name: Array("user.a".utf8), value: [0, 255]),
        ]
        entry.inodeFlags = .max
        switch kind {
        case .file:
            entry.size = 10
            entry.digest = Array(0..<32)
            entry.holes = [
                Entry.Hole(offset: 0, length: 2), Entry.Hole(offset: 2, length: 1), Entry.Hole(offset: 9, length: 1),
            ]
        case .symlink: entry.linkTarget = [0x2f, 0xff]
        case .characterDevice, .blockDevice: entry.specialDevice = .max
        default: break
        }
        return TreeEntry(entry: entry, content: kind == .file || kind == .directory ? content : nil, isSettled: false)
    }

    static func encode(_ item: TreeEntry) -> [UInt8] {
        var writer = ByteWriter()
        TreeEntryCoding.write(item, to: &writer)
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> TreeEntry {
        var reader = ByteReader(bytes, object: "the page")
        let item = try TreeEntryCoding.read(from: &reader, object: "the page")
        try reader.finish()
        return item
    }

    @Test("every field of every kind comes back", arguments: Entry.Kind.allCases)
    func roundTrip(kind: Entry.Kind) throws {
        let full = Self.full(kind)
        #expect(try Self.decode(Self.encode(full)) == full)
        var plain = TreeEntry(
            entry: Entry(name: [0x61], kind: kind, permissions: 0, modified: Instant(seconds: 0)), content: nil,
            isSettled: true)
        if kind == .file {
            plain.entry.digest = Array(0..<32)
            plain.content = .empty
        }
        if kind == .directory { plain.content = .empty }
        if kind == .symlink { plain.entry.linkTarget = [1] }
        #expect(try Self.decode(Self.encode(plain)) == plain)
    }

    @Test("every entry that no writer makes is refused", arguments: Entry.Kind.allCases)
    func refusals(kind: Entry.Kind) {
        var bad: [(String, TreeEntry)] = []
        func add(_ label: String, _ change: (inout TreeEntry) -> Void) {
            var item = Self.full(kind)
            change(&item)
            bad.append((label, item))
        }
        for name in ["", ".", "..", "a/b", "/", "a\0b", String(repeating: "n", count: 4097)] {
            add("the name \(name)") { $0.entry.name = Array(name.utf8) }
        }
        add("permissions") { $0.entry.permissions = 0o10000 }
        add("nanoseconds") { $0.entry.modified.nanoseconds = 1_000_000_000 }
        add("nanoseconds") { $0.entry.changed.nanoseconds = .max }
        add("nanoseconds") { $0.entry.born = Instant(seconds: 0, nanoseconds: .max) }
        add("a long owner") { $0.entry.userName += "u" }
        add("attributes out of order") { $0.entry.attributes.reverse() }
        add("an attribute twice") { $0.entry.attributes[1] = $0.entry.attributes[0] }
        add("an attribute without a name") { $0.entry.attributes[0].name = [] }
        add("an attribute with NUL") { $0.entry.attributes[1].name = [2, 0] }
        add("a long attribute name") { $0.entry.attributes[1].name = [UInt8](repeating: 9, count: 256) }
        if kind == .file {
            add("a short digest") { $0.entry.digest = [1] }
            add("a hole outside") { $0.entry.holes = [Entry.Hole(offset: 9, length: 2)] }
            add("an empty hole") { $0.entry.holes = [Entry.Hole(offset: 1, length: 0)] }
            add("a deep content") { $0.content?.depth = 9 }
            add("a content that does not add up") { $0.content?.length = 11 }
        }
        if kind == .symlink {
            add("no target") { $0.entry.linkTarget = [] }
            add("a target with NUL") { $0.entry.linkTarget = [1, 0] }
        }
        for (label, item) in bad {
            let failure = #expect(throws: Failure.self, "\(label)") { try Self.decode(Self.encode(item)) }
            #expect(failure?.kind == .damaged, "\(label)")
        }
    }

    @Test("a hole beyond 64 bits is refused and does not trap")
    func hugeHoles() {
        // The file's own field, then holes whose sum passes 64 bits.
        var fields = ByteWriter()
        fields.byte(1)
        var file = ByteWriter()
        file.bytes = [UInt8](repeating: 0, count: 32)
        Self.content.write(to: &file)
        fields.sized(file.bytes)
        fields.byte(7)
        var holes = ByteWriter()
        holes.varint(2)
        for number in [UInt64.max - 3, 2, UInt64.max, 2] { holes.varint(number) }
        fields.sized(holes.bytes)
        let bytes = Self.withFields(kind: 1, fields.bytes)
        #expect(throws: Failure.self) { try Self.decode(bytes) }
    }

    /// An entry of a kind with a plain head and fields made by hand.
    private static func withFields(kind: UInt8, _ fields: [UInt8]) -> [UInt8] {
        var inner = ByteWriter()
        inner.byte(kind)
        inner.sized([0x61])
        for _ in 0..<3 { inner.varint(0) }
        inner.text("")
        inner.text("")
        for _ in 0..<7 { inner.varint(0) }
        var outer = ByteWriter()
        outer.sized(inner.bytes + fields)
        return outer.bytes
    }

    @Test(
        "fields out of order, twice, of another kind, missing or too long are refused; unknown ones above 127 pass"
    )
    func fields() throws {
        let symlink: [UInt8] = [3, 1, 0x78]
        #expect(try Self.decode(Self.withFields(kind: 3, symlink)).entry.linkTarget == [0x78])
        #expect(try Self.decode(Self.withFields(kind: 3, symlink + [9, 0])).isSettled == false)
        #expect(try Self.decode(Self.withFields(kind: 3, symlink + [128, 2, 1, 1, 255, 0])).entry.linkTarget == [0x78])
        #expect(try Self.decode(Self.withFields(kind: 4, [])).entry.kind == .fifo)
        let bad: [(UInt8, [UInt8])] = [
            (3, []), (3, symlink + symlink), (3, [9, 0] + symlink), (3, symlink + [9, 1, 0]), (3, symlink + [4, 1, 0]),
            (4, symlink), (4, [7, 1, 0]), (2, []), (1, []), (6, []), (7, []), (4, [0, 0]), (4, [6, 2, 0, 0]), (4, [9]),
            (0, []), (8, []), (255, []), (4, [128, 5, 1]),
        ]
        for (kind, fields) in bad {
            let failure = #expect(throws: Failure.self, "\(kind) \(fields)") {
                try Self.decode(Self.withFields(kind: kind, fields))
            }
            #expect(failure?.kind == .damaged)
        }
        let unknown = #expect(throws: Failure.self) { try Self.decode(Self.withFields(kind: 4, [10, 0])) }
        #expect(unknown?.hint?.contains("newer") == true)
    }

    @Test("what has no room is left out and told, and the rest can be read")
    func fitting() throws {
        var many = Self.full(.file)
        many.content = Content(
            length: 1 << 30, depth: 0, items: [Content.Item(id: ChunkID(high: 1, low: 1), covered: 1 << 30)])
        many.entry.size = 1 << 30
        many.entry.holes = (0..<1_100_000).map { Entry.Hole(offset: UInt64($0) * 100, length: 50) }
        #expect(many.fitIntoLimits()?.count == 1)
        #expect(many.entry.holes.isEmpty)
        #expect(try Self.decode(Self.encode(many)) == many)

        var large = Self.full(.directory)
        large.entry.attributes = (0..<60).map {
            ExtendedAttribute(name: [UInt8($0 + 1)], value: [UInt8](repeating: 1, count: 65_536))
        }
        #expect(large.fitIntoLimits()?.count == 1)
        #expect(try Self.decode(Self.encode(large)) == large)

        var overlapping = Self.full(.file)
        overlapping.entry.holes = [Entry.Hole(offset: 5, length: 2), Entry.Hole(offset: 1, length: 2)]
        overlapping.entry.userName += "x"
        overlapping.entry.modified.nanoseconds = .max
        #expect(overlapping.fitIntoLimits()?.count == 1)
        #expect(try Self.decode(Self.encode(overlapping)) == overlapping)

        var impossible = Self.full(.symlink)
        impossible.entry.linkTarget = []
        #expect(impossible.fitIntoLimits() == nil)
        for kind in Entry.Kind.allCases {
            var fine = Self.full(kind)
            #expect(fine.fitIntoLimits() == [])
            #expect(fine == Self.full(kind))
        }
    }
}
