import Formats
import Platform
import TestDoubles
import Testing

/// A product is saved, explained and drilled by the policies that are shipped.
@Suite("Products")
struct ProductTests {
    @Test("the shop of the shipped policy comes back, is started, answers, and every check is proved: L7, in time")
    func shop() throws {
        let product = try Product()
        let policy = try product.policy("shop.json5")
        try product.salvor.succeeds("policy", "explain", policy)
        try product.salvor.succeeds("init", "--policy", policy)
        try product.salvor.succeeds("backup", "--policy", policy)
        let result = try product.salvor.run(
            "drill", "--policy", policy, "--prove-checks", "--json", "--report", "html=drill.html", "--report",
            "junit=drill.xml", "--report", "prometheus=salvor.prom", "--report", "github=summary.md")
        #expect(result.exit == 0, "\(result.said)")
        let report = try result.json()
        #expect(report["verdict"]?.text == "recovered" && report["evidenceLevel"]?.text == "L7 in time")
        #expect(report["objectives"]?["rtoMet"]?.flag == true && report["objectives"]?["rpoMet"]?.flag == true)
        let checks = report["checks"]?.elements ?? []
        let asked = ["start.web", "paid-orders", "attachments", "front-page", "self-check", "policy.sources"]
        for wanted in asked { #expect(checks.contains { $0["id"]?.text == wanted }, "\(wanted)") }
        #expect(checks.allSatisfy { $0["result"]?.text == "passed" }, "\(result.said)")
        let proofs = report["proofs"]?.elements ?? []
        #expect(proofs.count >= 10 && proofs.allSatisfy { $0["blind"]?.elements == [] }, "\(result.said)")
        #expect(try product.leftInStaging() == "")
        let written = try product.salvor.shell(
            "wc -c < drill.html; grep -c '<testcase' drill.xml; grep -c ^salvor_ salvor.prom; test -s summary.md")
        let numbers = written.split(separator: "\n").compactMap { Int($0) }
        #expect(numbers[0] > 10_000 && numbers[0] < 400_000 && numbers[1] > 15 && numbers[2] > 20, "\(written)")
        let later = try product.salvor.succeeds("report", "--policy", policy, "--format", "html")
        #expect(later.output.contains("L7 in time"))
    }

    @Test("an attachment that the database knows and nobody saved is found, by its name")
    func missingAttachment() throws {
        let product = try Product()
        let policy = try product.policy("shop.json5")
        try product.salvor.succeeds("init", "--policy", policy)
        try product.salvor.shell("rm uploads/3/letter-13.txt")
        try product.salvor.succeeds("backup", "--policy", policy)
        let result = try product.salvor.run("drill", "--policy", policy, "--report", "junit=drill.xml")
        #expect(result.exit == 4, "\(result.said)")
        #expect(result.output.contains("3/letter-13.txt") && result.output.contains("attachments"), "\(result.said)")
        #expect(try product.salvor.shell("cat drill.xml").contains("3/letter-13.txt"))
        #expect(try product.leftInStaging() == "")
    }

    @Test("the policies for files alone and for CI are explained, saved and drilled")
    func others() throws {
        for name in ["files.json5", "ci.json5"] {
            let product = try Product()
            let changes: [(from: String, to: String)] = [
                (from: "/srv/documents", to: product.uploads),
                (from: "databases: [\"app\"]", to: "databases: [\"shop\"]"),
            ]
            let policy = try product.policy(name, changes)
            let secret = ["SALVOR_CI_PASSWORD": product.salvor.password, "SALVOR_PASSWORD": ""]
            for words in [
                ["policy", "check", policy], ["policy", "explain", policy], ["init", "--policy", policy],
                ["backup", "--policy", policy], ["drill", "--policy", policy, "--staging", product.salvor.staging],
            ] {
                let result = try product.salvor.run(words, secret)
                #expect(result.exit == 0, "\(name): \(words): \(result.said)")
            }
        }
    }

    @Test("a snapshot is chosen by time, by a seed, or as the one that waits longest for its proof")
    func chooses() throws {
        let salvor = try Salvor.withRepository("choice")
        try salvor.shell("mkdir data")
        for number in 1...3 {
            try salvor.shell("echo \(number) > data/file")
            try salvor.succeeds("backup", "data=\(salvor.folder.path)/data")
        }
        let lines = try salvor.succeeds("snapshots", "--json").output.split(separator: "\n").dropLast()
        let snapshots = try lines.compactMap { try JSONParser.parse(Array($0.utf8))["id"]?.text }
        try #require(snapshots.count == 3)
        func drilled(_ words: String...) throws -> (id: String?, selection: String?) {
            let result = try salvor.run(["drill", "--json", "--staging", salvor.staging] + words)
            try #require(result.exit == 0, "\(result.said)")
            let report = try result.json()
            return (report["snapshot"]?["id"]?.text, report["selection"]?.text)
        }
        #expect(try drilled().id == snapshots[2])
        #expect(try drilled("--least-recently-drilled").id == snapshots[0])
        #expect(try drilled("--least-recently-drilled").id == snapshots[1])
        #expect(try drilled("--least-recently-drilled").id == snapshots[2])
        let random = try drilled("--random", "--seed", "7")
        #expect(try drilled("--random", "--seed", "7").id == random.id)
        #expect(random.selection?.contains("seed 7") == true)
        #expect(try drilled("--at", "2100-01-01T00:00:00Z").id == snapshots[2])
        try salvor.fails(1, naming: ["the oldest is of"], "drill", "--at", "2000-01-01T00:00:00Z")
        try salvor.fails(2, naming: ["exclude each other"], "drill", "latest", "--random")
        try salvor.fails(2, naming: ["--random"], "drill", "--seed", "3")
    }

    @Test("a drill that cannot begin leaves a report that says so, and no old one")
    func cannotBegin() throws {
        let salvor = try Salvor.withRepository("begin")
        try salvor.shell("echo old > drill.xml")
        try salvor.fails(1, "drill", "--report", "junit=drill.xml", "--report", "html=drill.html")
        #expect(try salvor.shell("cat drill.xml").contains("<error"))
        #expect(try salvor.shell("cat drill.html").contains("could not begin"))
        try salvor.fails(2, naming: ["did you mean junit"], "drill", "--report", "junt=drill.xml")
    }
}
