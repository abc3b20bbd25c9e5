import Platform
import Policies
import Testing

@Suite("Example policies")
struct ExamplePolicyTests {
    static let names = ["files", "shop", "ci"]

    private static let top = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private func example(_ name: String) throws -> Policy {
        let path = Array("\(Self.top)/Policies/\(name).json5".utf8)
        return try Policy.read(try FileTree.read(path, limit: 1 << 20), path: path)
    }

    @Test("all policies that are shipped are known to this test")
    func known() throws {
        let shipped = try Directory(Array("\(Self.top)/Policies".utf8)).names().map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(Set(shipped.filter { $0.hasSuffix(".json5") }) == Set(Self.names.map { $0 + ".json5" }))
    }

    @Test("each is right, and every section of its explanation says something", arguments: names)
    func explained(name: String) throws {
        let policy = try example(name)
        let sections = PolicyExplanation(policy).sections
        #expect(
            sections.map(\.title) == [
                "What is saved", "Where it goes", "What was promised", "What a drill does", "What a drill shows",
                "What is not covered",
            ])
        for section in sections {
            #expect(!section.sentences.isEmpty && section.sentences.allSatisfy { $0.hasSuffix(".") }, "\(section)")
        }
    }

    @Test("the explanation names whatever the policy says: each source, table, promise, program, check and gap")
    func complete() throws {
        let sections = PolicyExplanation(try example("shop")).sections
        func says(_ title: String, _ words: String...) {
            let text = sections.first { $0.title == title }?.sentences.joined(separator: "\n") ?? ""
            for word in words { #expect(text.contains(word), "\(title) does not say \(word):\n\(text)") }
        }
        says(
            "What is saved", "uploads: all files below /srv/shop/uploads", "*.tmp", "marked as a cache",
            "mounted below",
            "the database shop", "service=shop", "roles", "The rows of public.audit_log are left out")
        says("Where it goes", "/srv/backup/shop", "/etc/salvor/shop.pw", "deletes no snapshot")
        says("What was promised", "1 day 2 hours", "45 minutes")
        says(
            "What a drill does", "1. Take the newest snapshot.", "/usr/lib/postgresql/{major}/bin",
            "`/srv/shop/web` as web",
            "/healthz answers", "1 minute", "1 hour 30 minutes", "no socket is opened off the machine")
        says(
            "What a drill shows", "7 checks are gating", "2 checks are audits", "files.manifest of uploads",
            "postgres.checksums of db", "paid-orders: `select count(*)", "at least 1", "attachments: every path",
            "“Add to cart”",
            "self-check: `/srv/shop/selfcheck --db {db.url}` must end with 0")
        says("What is not covered", "public.audit_log", "no drill compares it", "*.tmp", "cron")
    }

    @Test("a policy makes a check that sources bring an audit, or for one source only")
    func gating() {
        var drill = DrillPolicy()
        #expect(drill.isGating("postgres.checksums", source: "db") == nil)
        drill.checks = [
            CheckPolicy("a", .brought(type: "postgres.checksums", source: nil), isGating: false),
            CheckPolicy("b", .brought(type: "postgres.checksums", source: "db"), isGating: true),
        ]
        #expect(drill.isGating("postgres.checksums", source: "db") == true)
        #expect(drill.isGating("postgres.checksums", source: "other") == false)
    }
}
