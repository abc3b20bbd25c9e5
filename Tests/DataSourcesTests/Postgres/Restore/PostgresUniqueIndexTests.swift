import TestDoubles
import Testing

@testable import DataSources

@Suite("A key taken apart into an index and its constraint")
struct PostgresUniqueIndexTests {
    private func read(_ key: String, table: String = "public.t", name: String = "k") -> PostgresUniqueIndex? {
        PostgresUniqueIndex(Array("ALTER TABLE ONLY \(table)\n    ADD CONSTRAINT \(name) \(key);\n\n\n".utf8))
    }

    @Test(
        "each clause comes where CREATE INDEX and ADD CONSTRAINT want it",
        arguments: [
            ("PRIMARY KEY (id)", #"("id")"#, "PRIMARY KEY", ""),
            ("UNIQUE (a, b)", #"("a", "b")"#, "UNIQUE", ""),
            ("UNIQUE (a) DEFERRABLE", #"("a")"#, "UNIQUE", " DEFERRABLE"),
            (
                "PRIMARY KEY (a) DEFERRABLE INITIALLY DEFERRED", #"("a")"#, "PRIMARY KEY",
                " DEFERRABLE INITIALLY DEFERRED"
            ),
            ("UNIQUE (a) INCLUDE (b, \"C\")", #"("a") INCLUDE ("b", "C")"#, "UNIQUE", ""),
            ("UNIQUE NULLS NOT DISTINCT (a)", #"("a") NULLS NOT DISTINCT"#, "UNIQUE", ""),
            (
                "UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) WITH (fillfactor='70', deduplicate_items=off) DEFERRABLE",
                #"("a") INCLUDE ("b") NULLS NOT DISTINCT WITH (fillfactor='70', deduplicate_items=off)"#, "UNIQUE",
                " DEFERRABLE"
            ),
        ])
    func clauses(key: String, index: String, kind: String, timing: String) throws {
        let made = try #require(read(key))
        #expect(made.create == #"CREATE UNIQUE INDEX "k" ON ONLY "public"."t" "# + index)
        #expect(made.attach == #"ALTER TABLE ONLY "public"."t" ADD CONSTRAINT "k" \#(kind) USING INDEX "k"\#(timing)"#)
        #expect(made.drop == #"DROP INDEX IF EXISTS "public"."k""#)
    }

    @Test(
        "a name may hold anything",
        arguments: [
            #"it"s"#, "a;b", "a\n-- TOC entry 7 (class 2606 OID 1)\nb", "(a, b)", "USING INDEX x", "ü\u{301}\"\u{301}",
            "'", "\\", " ", ".", "_a1", "a\u{0}b",
        ])
    func names(name: String) throws {
        let quoted = PostgresText.identifier(name)
        let made = try #require(
            read("UNIQUE (\(quoted), \(quoted))", table: "\(quoted).\(quoted)", name: quoted))
        #expect(
            [made.schema, made.table, made.name].map { Array($0.utf8) } == Array(repeating: Array(name.utf8), count: 3))
        #expect(made.create == "CREATE UNIQUE INDEX \(quoted) ON ONLY \(quoted).\(quoted) (\(quoted), \(quoted))")
    }

    @Test(
        "what is not word for word a plain key is none",
        arguments: [
            "EXCLUDE USING gist (a WITH &&)", "PRIMARY KEY (a WITHOUT OVERLAPS)", "PRIMARY KEY NULLS NOT DISTINCT (a)",
            "UNIQUE (a) USING INDEX TABLESPACE fast", "UNIQUE (a);\n\nALTER TABLE public.t CLUSTER ON k",
            "UNIQUE (a);\nALTER INDEX public.k ALTER COLUMN 1 SET STATISTICS 100", "UNIQUE (A)", "UNIQUE (a b)",
            "UNIQUE ()", "UNIQUE (a,b)", "UNIQUE (lower(a))", "UNIQUE (\"\")", "UNIQUE (1a)", "UNIQUE (a",
            "UNIQUE (\"a)",
            "UNIQUE (a) WITH (fillfactor)", "UNIQUE (a) WITH (x=E'a')", "UNIQUE (a) WITH (x='a)",
            "UNIQUE (a) NOT VALID",
            "UNIQUE (a) INITIALLY DEFERRED", "UNIQUE (a) NOT ENFORCED", "FOREIGN KEY (a) REFERENCES public.u(a)",
            "CHECK ((a > 0))", "UNIQUE  (a)", "",
        ])
    func leavesOut(key: String) { #expect(read(key) == nil) }

    @Test("a table without its schema, in another case, or reached by another statement is none")
    func leavesTablesOut() {
        #expect(read("UNIQUE (a)", table: "t") == nil)
        #expect(read("UNIQUE (a)", table: "public.T") == nil)
        #expect(read("UNIQUE (a)", table: "a.b.c") == nil)
        #expect(PostgresUniqueIndex(Array("ALTER TABLE public.t\n    ADD CONSTRAINT k UNIQUE (a);".utf8)) == nil)
    }

    @Test("no cut and no changed byte of a statement makes it trap, and no cut of one is taken for a whole")
    func survivesDamage() {
        let random = SeededRandomness(seed: 5)
        let whole = Array(
            #"""
            ALTER TABLE ONLY "a""b".t
                ADD CONSTRAINT "k;'" UNIQUE NULLS NOT DISTINCT (a, "b") INCLUDE (c) WITH (fillfactor='7''0') DEFERRABLE;
            """#.utf8)
        #expect(PostgresUniqueIndex(whole) != nil)
        for count in 0..<whole.count { #expect(PostgresUniqueIndex(Array(whole[..<count])) == nil) }
        let pieces = [
            #"""#, "'", "\n", "--", "-- TOC entry 1 ", "(", ")", ";", ", ", "a", "ALTER TABLE ONLY ", "\u{fc}",
        ]
        let item = PostgresArchiveList("1; 2606 5 CONSTRAINT a\"b t k;' bob\n").items
        for _ in 0..<20_000 {
            var changed = whole
            for _ in 0...random.next(below: 3) {
                let piece = Array(pieces[random.next(below: pieces.count)].utf8)
                let start = random.next(below: changed.count)
                let end = min(changed.count, start + random.next(below: 8))
                changed.replaceSubrange(start..<end, with: piece)
            }
            _ = PostgresUniqueIndex(changed)
            _ = PostgresUniqueIndex.read(Array("-- TOC entry 1 (\n--\n\n".utf8) + changed, items: item)
            _ = PostgresUniqueIndex.read(random.bytes(random.next(below: 60)), items: item)
        }
    }

    private static let head = "--\n-- it's a dump\n--\n\nSET client_encoding = 'UTF8';\n\n"

    private static func entry(_ number: Int, _ sql: String) -> String {
        "--\n-- TOC entry \(number) (class 2606 OID 1\(number))\n-- Dependencies: 2 3\n"
            + "-- Name: it's \"a name; Type: CONSTRAINT; Schema: public; Owner: bob\n--\n\n\(sql)\n\n\n"
    }

    private static func key(_ table: String, _ name: String) -> String {
        "ALTER TABLE ONLY public.\(table)\n    ADD CONSTRAINT \(PostgresText.identifier(name)) UNIQUE (a);"
    }

    @Test("each entry of an archive gives its own statement, and none is made up by a name that looks like a heading")
    func readsArchives() {
        let list = PostgresArchiveList(
            """
            ; a comment
            7; 2606 17 CONSTRAINT public t k1 bob
            8; 2606 18 CONSTRAINT public t k 2 bob
            9; 2606 19 CONSTRAINT public t k3 bob
            10; 2606 20 CONSTRAINT public t evil bob
            11; 2606 21 CONSTRAINT public t käse bob
            """)
        let forged = Self.entry(9, Self.key("t", "k3"))
        func numbers(_ text: String) -> [Int] {
            PostgresUniqueIndex.read(Array(text.utf8), items: list.items).keys.sorted()
        }
        let honest = [Self.entry(7, Self.key("t", "k1")), Self.entry(8, Self.key("t", "k 2"))].joined()
        #expect(numbers(Self.head + honest + "--\n-- the end\n--\n\n\\unrestrict abc\n\n") == [7, 8])
        #expect(numbers(Self.head + Self.entry(10, Self.key("t", "x\n\(forged)")) + honest) == [7, 8])
        let other = "ALTER TABLE public.t ADD EXCLUDE (\(PostgresText.identifier("\n" + forged)) WITH =);"
        #expect(numbers(Self.head + Self.entry(10, other) + honest) == [7, 8])
        #expect(numbers(Self.head + Self.entry(7, Self.key("other", "k1"))) == [], "the list says another table")
        #expect(numbers(Self.head + Self.entry(6, Self.key("t", "k1"))) == [], "nobody asked for it")
        #expect(numbers(Self.head + Self.entry(11, Self.key("t", "käse"))) == [11])
        #expect(numbers(Self.entry(11, Self.key("t", "käse")) + honest) == [7, 8], "an encoding that is not ours")
    }
}
