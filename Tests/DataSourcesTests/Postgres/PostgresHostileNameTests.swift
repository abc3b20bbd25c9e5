import Formats
import Platform
import TestDoubles
import Testing

@testable import DataSources

/// Whoever may create a table names it. A mark that combines with a quote makes it another character in Swift, and none
/// for the server: such names must not become SQL.
@Suite("Names that would be SQL")
struct PostgresHostileNameTests {
    private static let prepend = "\u{600}"
    private static let combining = "\u{301}"
    private let key = Array<UInt8>(0..<16)

    @Test("quotes are doubled whatever stands beside them, in names, literals and libpq's keywords")
    func quoting() throws {
        let (before, behind) = ("a\(Self.prepend)\"b", "a\"\(Self.combining)b")
        #expect(PostgresText.identifier(before).unicodeScalars.filter { $0 == "\"" }.count == 4)
        #expect(PostgresText.identifier(behind).unicodeScalars.filter { $0 == "\"" }.count == 4)
        for text in ["a\(Self.prepend)'b", "a'\(Self.combining)b"] {
            #expect(PostgresText.literal(text).unicodeScalars.filter { $0 == "'" }.count == 4)
        }
        #expect(PostgresText.literal("a\\\(Self.combining)").unicodeScalars.filter { $0 == "\\" }.count == 2)
        #expect(PostgresText.literal("a\\\(Self.combining)").hasPrefix(" E'"))
        let place = try PostgresLocation("postgres:host=/nowhere")
        let words = place.conninfo(database: "d\(Self.prepend)' host=elsewhere")
        #expect(Array(words.utf8).split(separator: UInt8(ascii: "\\")).count == 2)
        #expect(PostgresRoles.identifier("\"a\"\"\(Self.combining)b\" x") == "a\"\(Self.combining)b")
    }

    @Test("tables and columns with such names are saved and come back, and nothing in their names is run")
    func roundTrip() throws {
        let server = try ThrowawayPostgres()
        let evil = [
            "a\(Self.prepend)\" IN ACCESS SHARE MODE;COMMIT;CREATE ROLE pwned SUPERUSER;--",
            "x\"\(Self.combining)", "back\\slash'quote", "a\(Self.prepend)",
        ]
        var sql = "CREATE SEQUENCE \"s\(Self.combining)\"; CREATE SEQUENCE \"ś\"; SELECT setval('\"ś\"', 77);"
        for (number, name) in evil.enumerated() {
            let quoted =
                "\"" + String(String.UnicodeScalarView(name.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }))
                + "\""
            sql += "CREATE TABLE \(quoted) (\(quoted) int); INSERT INTO \(quoted) VALUES (\(number));"
        }
        try server.psql(sql)
        let recording = try RecordingSink.record(PostgresAdapter(try server.location("postgres")))
        #expect(recording.findings == [])
        let scratch = try TemporaryFolder("restore")
        var options = PostgresRestore.Options(workDirectory: scratch.path)
        options.verificationKey = key
        let outcome = try PostgresRestore(recording, into: server.location("copy"), options: options).run()
        #expect(outcome.findings == [], "\(outcome.findings)")
        #expect(outcome.tables.count == evil.count)
        #expect(try server.psql("SELECT count(*) FROM pg_roles WHERE rolname = 'pwned'") == "0")
    }

    @Test("a role is told from a tablespace by the statement, not by its name")
    func roles() {
        let role = #"CREATE ROLE "in TABLESPACE x""#
        #expect(PostgresRoles.role(of: role) == "in TABLESPACE x")
        #expect(PostgresRoles.role(of: #"ALTER ROLE "in TABLESPACE x" WITH LOGIN"#) == "in TABLESPACE x")
        #expect(PostgresRoles.role(of: "ALTER ROLE a SET x TO 'on TABLESPACE y'") == "a")
        for statement in [
            "CREATE TABLESPACE fast OWNER a LOCATION '/x'", "ALTER TABLESPACE fast SET (seq_page_cost = 1)",
            "COMMENT ON TABLESPACE fast IS 'x'", "GRANT ALL ON TABLESPACE fast TO a",
        ] { #expect(PostgresRoles.role(of: statement) == nil, "\(statement)") }
    }
}
