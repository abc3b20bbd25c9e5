import DataSources
import Platform
import TestDoubles
import Testing

@Suite("A database with every kind of object comes back")
struct TortureTests {
    private func isSame(
        _ target: ThrowawayPostgres, as source: ThrowawayPostgres, location: SourceLocation = #_sourceLocation
    ) throws {
        func compare(_ what: String, _ ask: (ThrowawayPostgres) throws -> [Substring]) throws {
            let (expected, found) = (try ask(source), try ask(target))
            try #require(expected.count > 10, sourceLocation: location)
            let differences = found.difference(from: expected).map { "\($0)" }
            #expect(differences == [], "\(what)", sourceLocation: location)
        }
        try compare("definitions", TortureDatabase.definitions)
        try compare("roles", TortureDatabase.roles)
        try compare("contents", TortureDatabase.contents)
        try compare("others", TortureDatabase.others)
    }

    @Test("into another server, as pg_dump and psql see it")
    func intoServer() throws {
        let salvor = try Salvor.withRepository("torture")
        let source = try TortureDatabase().server
        try salvor.succeeds("backup", "shop=" + TortureDatabase.address(source))
        let target = try ThrowawayPostgres()
        try salvor.succeeds("restore", "latest:shop", "--globals", "--into", TortureDatabase.address(target))
        try isSame(target, as: source)
        // Nothing of it reaches out, and nothing of it is in the way of dropping it.
        #expect(try target.psql("SELECT count(*) FROM pg_subscription") == "0")
        try target.psql("DROP DATABASE torture")
    }
}
