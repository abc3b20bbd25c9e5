import Testing

@testable import Formats

@Suite("Headers of tar archives")
struct TarHeaderTests {
    /// The last block of the headers.
    private func block(_ member: TarMember) -> [UInt8] { Array(TarHeader.bytes(of: member).suffix(512)) }

    /// The records of the extended header, read by their own lengths; nil when there is none.
    private func records(_ member: TarMember) throws -> [String: [UInt8]]? {
        let bytes = TarHeader.bytes(of: member)
        #expect(bytes.count % 512 == 0)
        guard bytes[156] == UInt8(ascii: "x") else {
            #expect(bytes.count == 512)
            return nil
        }
        let length = try #require(Int(text(bytes, 124, 11), radix: 8))
        var rest = bytes[512..<512 + length]
        #expect(bytes[(512 + length)..<(bytes.count - 512)].allSatisfy { $0 == 0 })
        #expect(bytes.count == 512 + (length + 511) / 512 * 512 + 512)
        var records: [String: [UInt8]] = [:]
        while let blank = rest.firstIndex(of: UInt8(ascii: " ")) {
            let count = try #require(Int(String(decoding: rest[..<blank], as: UTF8.self)))
            let record = rest.prefix(count)
            #expect(record.last == UInt8(ascii: "\n"), "a record has the length that it says")
            let equals = try #require(record.firstIndex(of: UInt8(ascii: "=")))
            let key = String(decoding: record[(blank + 1)..<equals], as: UTF8.self)
            #expect(records[key] == nil)
            records[key] = Array(record[(equals + 1)...].dropLast())
            rest = rest.dropFirst(count)
        }
        #expect(rest.isEmpty)
        return records
    }

    private func text(_ block: [UInt8], _ place: Int, _ length: Int) -> String {
        String(decoding: block[place..<place + length].prefix { $0 != 0 }, as: UTF8.self)
    }

    @Test("the old header has every field at its place, and the right sum")
    func ustar() throws {
        var member = TarMember(.file, path: Array("dir/file".utf8))
        member.permissions = 0o4755
        (member.user, member.group) = (1000, 0o7777777)
        (member.userName, member.groupName) = ("anna", "wheel")
        member.seconds = 1_700_000_000
        member.size = 0o77777777777
        #expect(try records(member) == nil)
        let block = block(member)
        #expect(text(block, 0, 100) == "dir/file")
        #expect(
            text(block, 100, 8) == "0004755" && text(block, 108, 8) == "0001750" && text(block, 116, 8) == "7777777")
        #expect(text(block, 124, 12) == "77777777777" && text(block, 136, 12) == "14524770400")
        #expect(block[156] == 0x30 && Array(block[257..<265]) == Array("ustar\u{0}00".utf8))
        #expect(text(block, 265, 32) == "anna" && text(block, 297, 32) == "wheel")
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        #expect(Int(text(block, 148, 6), radix: 8) == sum && block[154] == 0 && block[155] == 0x20)
    }

    @Test("each kind has its letter, a directory its slash, a link its target, a device its numbers")
    func kinds() throws {
        var link = TarMember(.symlink, path: [0x6c])
        link.target = [0xff, 0x2f]
        #expect(block(link)[156] == 0x32 && Array(block(link)[157..<160]) == [0xff, 0x2f, 0])
        #expect(text(block(TarMember(.directory, path: Array("a/b".utf8))), 0, 100) == "a/b/")
        var device = TarMember(.blockDevice, path: [0x62])
        (device.major, device.minor) = (8, 0o7777777)
        #expect(text(block(device), 329, 8) == "0000010" && text(block(device), 337, 8) == "7777777")
        device.minor = 0o10000000
        #expect(Array(block(device)[337..<345]) == [0x80, 0, 0, 0, 0, 0x20, 0, 0])
        #expect(try records(device) == nil)
    }

    @Test(
        "a path stands where it fits: in the name, cut at a slash, or in a record",
        arguments: [
            ([100], "name"), ([101], "record"), ([50, 49], "name"), ([1, 100], "cut"), ([155, 100], "cut"),
            ([156, 100], "record"), ([155, 101], "record"), ([60, 60, 100], "cut"), ([60, 94, 60, 39], "cut"),
            ([60, 95, 60, 39], "record"),
            ([150, 60, 60], "record"),
            ([250], "record"), ([1, 250], "record"),
        ] as [([Int], String)])
    func paths(lengths: [Int], place: String) throws {
        for kind in [TarMember.Kind.file, .directory] {
            let names = lengths.enumerated().map { [UInt8](repeating: UInt8(0x61 + $0), count: $1) }
            var path = Array(names.joined(separator: [0x2f]))
            // The slash of a directory takes one byte of the name.
            if kind == .directory { path.removeLast() }
            let member = TarMember(kind, path: path)
            let whole = kind == .directory ? path + [0x2f] : path
            let block = block(member)
            let name = Array(block[0..<100].prefix { $0 != 0 })
            let prefix = Array(block[345..<500].prefix { $0 != 0 })
            switch place {
            case "name": #expect(name == whole && prefix == [])
            case "cut": #expect(prefix + [0x2f] + name == whole)
            default: #expect(try records(member)?["path"] == whole && prefix == [])
            }
            #expect(try (records(member) == nil) == (place != "record"))
        }
    }

    @Test(
        "times are decimal numbers, exact to the nanosecond, before 1970 too",
        arguments: [
            (0, 0, nil), (8_589_934_591, 0, nil), (8_589_934_592, 0, "8589934592"), (-1, 0, "-1"),
            (-1, 500_000_000, "-0.5"), (-2, 999_999_999, "-1.000000001"), (5, 1, "5.000000001"),
            (5, 120_000_000, "5.12"),
            (Int64.min, 0, "-9223372036854775808"), (Int64.max, 999_999_999, "9223372036854775807.999999999"),
        ] as [(Int64, UInt32, String?)])
    func times(seconds: Int64, nanoseconds: UInt32, value: String?) throws {
        var member = TarMember(.file, path: [0x61])
        (member.seconds, member.nanoseconds) = (seconds, nanoseconds)
        #expect(try records(member)?["mtime"] == value.map { Array($0.utf8) })
    }

    @Test("numbers and names that the old header cannot hold are records, those that it can are none")
    func large() throws {
        var member = TarMember(.file, path: [0x61])
        (member.user, member.group, member.size) = (0o10000000, .max, 1 << 33)
        member.userName = String(repeating: "u", count: 32)
        member.groupName = String(repeating: "g", count: 31)
        #expect(
            try records(member) == [
                "uid": Array("2097152".utf8), "gid": Array("4294967295".utf8), "size": Array("8589934592".utf8),
                "uname": Array(member.userName.utf8),
            ])
        #expect(text(block(member), 108, 8) == "0000000" && text(block(member), 297, 32) == member.groupName)
        var link = TarMember(.hardLink, path: [0x61])
        link.target = [UInt8](repeating: 0xfe, count: 101)
        #expect(try records(link) == ["linkpath": link.target])
    }

    @Test("a record of any length counts its own digits")
    func recordLengths() throws {
        for count in [
            0, 1, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 960, 970, 975, 976, 977, 978, 979, 980, 65_536,
        ] {
            var member = TarMember(.file, path: [0x61])
            let value = [UInt8](repeating: UInt8(ascii: "\n"), count: count)
            member.attributes = [TarMember.Attribute(name: Array("user.x".utf8), value: value)]
            #expect(try records(member) == ["SCHILY.xattr.user.x": value], "\(count)")
        }
    }

    @Test("attributes may have any bytes; access control lists come in words as well")
    func attributes() throws {
        var member = TarMember(.file, path: [0x61])
        let list: [UInt8] = [
            2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0xd2, 4, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 8, 0,
            7,
            0, 99, 0, 0, 0, 16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
        ]
        member.attributes = [
            TarMember.Attribute(name: Array("user.a=b%c".utf8), value: [0, 10, 255]),
            TarMember.Attribute(name: Array("system.posix_acl_access".utf8), value: list),
            TarMember.Attribute(name: Array("system.posix_acl_default".utf8), value: [1, 2, 3]),
        ]
        let words = "user::rw-,user:1234:r--,group::r--,group:99:rwx,mask::rwx,other::---"
        #expect(
            try records(member) == [
                "SCHILY.xattr.user.a%3Db%25c": [0, 10, 255], "SCHILY.acl.access": Array(words.utf8),
                "SCHILY.xattr.system.posix_acl_access": list, "SCHILY.xattr.system.posix_acl_default": [1, 2, 3],
            ])
        let wrongTag = Array(list.dropLast(8)) + [64] + list.suffix(7)
        let broken: [[UInt8]] = [[], [2, 0, 0, 0], [3] + list.dropFirst(), list + [0], wrongTag]
        for value in broken { #expect(AccessListText.text(value) == nil, "\(value)") }
    }

    @Test("the map of a file with holes lists what is there, and ends where the file does")
    func sparse() throws {
        func map(_ size: UInt64, _ holes: [(UInt64, UInt64)]) -> TarSparseMap {
            TarSparseMap(size: size, holes: holes.map { (offset: $0.0, length: $0.1) })
        }
        func stretches(_ map: TarSparseMap) -> [[UInt64]] { map.stretches.map { [$0.offset, $0.length] } }
        #expect(stretches(map(100, [(0, 100)])) == [[100, 0]])
        #expect(stretches(map(9000, [(0, 4096), (5120, 1024)])) == [[4096, 1024], [6144, 2856]])
        #expect(
            stretches(map(9000, [(512, 512), (1024, 512), (8192, 808)])) == [[0, 512], [1536, 6656], [9000, 0]])
        // A stretch is whole blocks: a hole that holds none is none.
        #expect(
            stretches(map(9000, [(100, 411), (1000, 1048), (8300, 700)])) == [[0, 1024], [2048, 6656], [9000, 0]])
        #expect(stretches(map(9000, [(1, 1000), (2047, 512)])) == [[0, 9000]])
        #expect(stretches(map(9000, [(1, 1023)])) == [[0, 512], [1024, 7976]])
        #expect(stretches(map(.max, [(.max - 100, 100)])) == [[0, .max]])
        var member = TarMember(.file, path: Array("d/f".utf8))
        member.size = 9000
        member.sparse = map(9000, [(0, 4096), (5120, 1024)])
        let words = ["GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name", "GNU.sparse.realsize"]
        let values = ["1", "0", "d/f", "9000"].map { Array($0.utf8) }
        #expect(try records(member) == Dictionary(uniqueKeysWithValues: zip(words, values)))
        #expect(member.stored == 512 + 1024 + 2856 && text(block(member), 0, 100) == "d/GNUSparseFile.0/f")
        #expect(Int(text(block(member), 124, 12), radix: 8) == 4392)
        var written: [UInt8] = []
        member.sparse?.write { written += $0 }
        #expect(written == Array("2\n4096\n1024\n6144\n2856\n".utf8) + [UInt8](repeating: 0, count: 512 - 22))
        // A list of several blocks, given in pieces.
        let large = map(1 << 40, (0..<20_000).map { (UInt64($0) * 10_240, 5120) })
        var pieces = 0
        written = []
        large.write {
            written += $0
            pieces += 1
        }
        #expect(pieces > 2 && written.count == Int(large.length) && written.count % 512 == 0)
        let lines = written.prefix { $0 != 0 }.split(separator: 0x0a)
        #expect(lines.count == 1 + 2 * large.stretches.count)
        #expect(large.dataBytes == (1 << 40) - 20_000 * 5120)
    }
}
