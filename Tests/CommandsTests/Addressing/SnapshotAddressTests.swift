import Platform
import Testing

@testable import Commands

@Suite("SNAPSHOT and SNAPSHOT:NAME/PATH")
struct SnapshotAddressTests {
    @Test(
        "latest, latest~N and four or more digits name a snapshot",
        arguments: [
            ("latest", .latest(back: 0)), ("latest~0", .latest(back: 0)), ("latest~12", .latest(back: 12)),
            ("3fa9", .prefix("3fa9")), ("3FA9bc", .prefix("3fa9bc")),
        ] as [(String, SnapshotAddress)])
    func forms(text: String, address: SnapshotAddress) throws {
        #expect(try SnapshotAddress.parse(text) == address)
    }

    @Test(
        "anything else names none",
        arguments: [
            "", "3fa", "newest", "latest~", "latest~-1", "latest~+1", "latest~x", "xyz1", "Latest",
            String(repeating: "a", count: 33),
        ])
    func refused(text: String) {
        #expect(failure { _ = try SnapshotAddress.parse(text) }?.kind == .usage)
    }

    @Test("an item is a source's name and the names below it")
    func items() throws {
        func parse(_ text: String) throws -> ItemAddress { try ItemAddress.parse(Array(text.utf8)) }
        #expect(try parse("latest") == ItemAddress(snapshot: .latest(back: 0), source: nil, path: []))
        #expect(try parse("latest:db") == ItemAddress(snapshot: .latest(back: 0), source: "db", path: []))
        #expect(try parse("3fa9:db/") == ItemAddress(snapshot: .prefix("3fa9"), source: "db", path: []))
        let deep = try parse("latest~2:shop/a b//./c:d/")
        #expect(deep.path == [Array("a b".utf8), Array("c:d".utf8)])
        #expect(deep.text == "latest~2:shop/a b/c:d")
    }

    @Test("bytes that cannot be typed are written \\xHH, a backslash twice, and an item is shown the same way")
    func escapes() throws {
        let item = try ItemAddress.parse(Array(#"latest:shop/\xff\x0a\\x"#.utf8))
        #expect(item.path == [[0xff, 0x0a, 0x5c, 0x78]])
        #expect(item.text == #"latest:shop/\xff\x0a\\x"#)
        #expect(try ItemAddress.parse(Array(item.text.utf8)) == item)
        #expect(try ItemAddress.parse(Array("latest:shop/".utf8) + [0xc3]).path == [[0xc3]])
    }

    @Test(
        "a path that leaves its source, or that no name can have, is wrong usage",
        arguments: [
            "latest:", "latest:/etc", "latest:..", "latest:shop/..", "latest:shop/a/../b", #"latest:shop/\x2e\x2e"#,
            #"latest:shop/\x2e"#, #"latest:shop/a\x2fb"#, #"latest:shop/\x00"#, #"latest:shop/\q"#, #"latest:shop/\x1"#,
            #"latest:shop/\xgg"#, #"latest:shop/a\"#, "latest:Shop/x", "latest:a b",
        ])
    func refusedItems(text: String) {
        for verb in ["ls", "dump"] {
            let said = salvor(verb, text, "-r", "/no-such-repository")
            #expect(said.exit == 2, "\(said.errors)")
            #expect(said.errors.contains("hint:"))
        }
    }
}

@Suite("Choosing a snapshot")
struct SnapshotChoiceTests {
    private let snapshots = [
        snapshot("3fa9aaaa", "shop", "web1", ["nightly"], at: 100),
        snapshot("3fa9bbbb", "shop", "web2", [], at: 300),
        snapshot("77777777", "blog", "web1", ["nightly", "keep"], at: 200),
    ]

    private static func snapshot(
        _ id: String, _ system: String, _ host: String, _ tags: [String], at seconds: Int64
    ) -> SnapshotFacts {
        SnapshotFacts(identifier: id, system: system, host: host, tags: tags, dataTime: Instant(seconds: seconds))
    }

    private func choose(_ text: String, _ filter: SnapshotFilter = SnapshotFilter()) throws -> String {
        try SnapshotAddress.parse(text).choose(among: snapshots, filter: filter)
    }

    @Test("latest is the newest by data time that passes every filter")
    func latest() throws {
        #expect(try choose("latest", SnapshotFilter(system: "shop")) == "3fa9bbbb")
        #expect(try choose("latest~1", SnapshotFilter(system: "shop")) == "3fa9aaaa")
        #expect(try choose("latest", SnapshotFilter(host: "web1")) == "77777777")
        #expect(try choose("latest", SnapshotFilter(tags: ["nightly", "keep"])) == "77777777")
        #expect(try choose("latest", SnapshotFilter(system: "shop", host: "web1")) == "3fa9aaaa")
    }

    @Test("latest does not choose between systems: exit 2, and they are listed")
    func severalSystems() throws {
        let refused = failure { _ = try choose("latest") }
        #expect(refused?.kind == .usage)
        #expect(refused?.sentence.contains("blog, shop") == true)
        #expect(refused?.hint?.contains("--system") == true)
        #expect(
            try SnapshotAddress.latest(back: 0).choose(among: [snapshots[2]], filter: SnapshotFilter()) == "77777777")
    }

    @Test("digits name one snapshot, whatever the filter")
    func digits() throws {
        #expect(try choose("7777", SnapshotFilter(system: "shop")) == "77777777")
        #expect(try choose("3FA9B") == "3fa9bbbb")
    }

    @Test("digits that begin several snapshots are wrong usage, and all of them are listed")
    func ambiguous() {
        let refused = failure { _ = try choose("3fa9") }
        #expect(refused?.kind == .usage)
        #expect(refused?.sentence.contains("3fa9aaaa") == true && refused?.sentence.contains("3fa9bbbb") == true)
        #expect(refused?.sentence.contains("77777777") == false)
    }

    @Test("digits that begin no snapshot are wrong usage")
    func unknown() {
        let refused = failure { _ = try choose("abcd") }
        #expect(refused?.kind == .usage)
        #expect(refused?.sentence.contains("abcd") == true)
    }

    @Test("a snapshot that is not there yet is a failure that says what was looked for")
    func absent() {
        let cases = [
            (failure { _ = try choose("latest~2", SnapshotFilter(system: "shop")) }, "latest~2"),
            (failure { _ = try choose("latest", SnapshotFilter(tags: ["gone"])) }, "with tag gone"),
            (
                failure { _ = try SnapshotAddress.latest(back: 0).choose(among: [], filter: SnapshotFilter()) },
                "no snapshot"
            ),
        ]
        for (refused, names) in cases {
            #expect(refused?.kind == .failed)
            #expect(refused?.sentence.contains(names) == true, "\(String(describing: refused))")
        }
    }
}
