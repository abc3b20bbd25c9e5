import Policies
import Testing

@Suite("Placeholders")
struct PlaceholderTests {
    @Test("a text is filled in, double braces become single ones, and what is filled in is not read again")
    func expanded() throws {
        let text = try PlaceholderText("--db={db.url} {{x}} {db.url}{port.web}}}")
        #expect(text.names == ["db.url", "db.url", "port.web"])
        let values = ["db.url": "{port.web}", "port.web": "80"]
        #expect(text.expanded { values[$0] ?? "?" } == "--db={port.web} {x} {port.web}80}")
        #expect(try PlaceholderText("").expanded { $0 }.isEmpty)
    }

    @Test("a lone brace is a problem", arguments: ["{", "}", "a{b", "a}b", "{}", "{a{b}", "{a}}", "{{a}", "{\"a\": 1"])
    func lone(text: String) { #expect(throws: PlaceholderProblem.self) { try PlaceholderText(text) } }

    @Test("each placeholder is understood, also of sources whose names have points")
    func understood() throws {
        var several = PostgresPolicy(connect: "postgres:")
        several.databases = ["shop", "a.b"]
        let sources = [
            SourcePolicy(name: "db", adapter: .postgres(PostgresPolicy(connect: "postgres:"))),
            SourcePolicy(name: "db.url", adapter: .files(FilesPolicy(root: "/a"))),
            SourcePolicy(name: "all", adapter: .postgres(several)),
        ]
        func read(_ name: String) throws -> Placeholder { try Placeholder(name, sources: sources, starts: ["web"]) }
        #expect(try read("db.url") == .databaseURL(source: "db", database: nil))
        #expect(try read("db.url.path") == .path(source: "db.url"))
        #expect(try read("all.url.a.b") == .databaseURL(source: "all", database: "a.b"))
        #expect(try read("port.web") == .port("web"))
        #expect(try read("staging") == .staging)
        #expect(try read("drill.id") == .drillIdentifier)
        for wrong in ["all.url", "all.url.c", "db.path", "port.x", "major", "x", "db", "db.", ""] {
            #expect(throws: PlaceholderProblem.self, "\(wrong)") { try read(wrong) }
        }
    }
}
