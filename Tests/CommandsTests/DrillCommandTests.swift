import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("drill and report on the command line")
struct DrillCommandTests {
    /// A repository with one snapshot of the shop's files, and a directory to stage in.
    private func saved() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        #expect(workshop.run("backup", "shop", "--system", "web").exit == 0)
        try FileTree.makeDirectories(workshop.folder.path("staging"), mode: 0o755)
        return workshop
    }

    @Test("a healthy snapshot is recovered with exit 0, and report shows the evidence again")
    func healthy() throws {
        let workshop = try saved()
        let drilled = workshop.run("drill", "--staging", "staging")
        #expect(drilled.exit == 0, "\(drilled.errors)")
        #expect(drilled.output.hasPrefix("RECOVERED: "))
        #expect(drilled.errors.isEmpty)
        for line in drilled.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
        #expect(try Directory(workshop.folder.path("staging")).names().isEmpty)

        let shown = workshop.run("report")
        #expect(shown.exit == 0, "\(shown.errors)")
        #expect(shown.output == drilled.output)
        let stored = workshop.run("report", "--format", "json")
        let evidence = try JSONParser.parse(Array(stored.output.utf8))
        #expect(evidence["schema"]?.text == "salvor.drill/1")
        let id = try #require(evidence["id"]?.text)
        #expect(workshop.run("report", "\(id.prefix(8))").output == drilled.output)
        let envelope = try Workshop.result(workshop.run("report", "latest", "--json"))
        #expect(envelope["schema"]?.text == "salvor.report/1")
        #expect(envelope["report"] == evidence)
        #expect(workshop.run("report", "--system", "other").exit == 1)
        #expect(workshop.run("report", "0000").exit == 2)
        #expect(workshop.run("report", "--json", "--format", "text").exit == 2)
    }

    @Test("the JSON result of a drill is its report, with the members of every result")
    func json() throws {
        let workshop = try saved()
        let result = try Workshop.result(workshop.run("drill", "latest", "--staging", "staging", "--json"))
        #expect(result["type"]?.text == "result")
        #expect(result["schema"]?.text == "salvor.drill/1")
        #expect(result["exit"]?.whole == 0)
        #expect(result["reasons"] == [])
        #expect(result["verdict"]?.text == "recovered")
        #expect((result["measured"]?["recoverySeconds"]?.real ?? 0) > 0)
        #expect(result["checks"]?.elements?.isEmpty == false)
    }

    @Test("what somebody changed in staging makes the drill red with exit 4, and the file is named")
    func sabotage() throws {
        let workshop = try saved()
        let command = "echo changed > $(find $SALVOR_DRILL_FILES -name index.html)"
        let said = workshop.run("drill", "-q", "--staging", "staging", "--before-checks", command, "--json")
        #expect(said.exit == 4, "\(said.errors)")
        #expect(try Workshop.result(said)["reasons"] == ["notRecovered"])
        #expect(said.output.contains("index.html"))
        #expect(said.errors.contains("degraded"))
        let shown = workshop.run("report")
        #expect(shown.exit == 0)
        #expect(shown.output.hasPrefix("DEGRADED: "))
    }

    @Test("--quiet says nothing of a drill that went well")
    func quiet() throws {
        let workshop = try saved()
        let said = workshop.run("drill", "-q", "--staging", "staging")
        #expect(said.exit == 0)
        #expect((said.output + said.errors).isEmpty)
    }

    @Test("a drill of nothing, of a part, or without a key never begins")
    func refused() throws {
        let workshop = try saved()
        #expect(workshop.run("drill", "latest:shop", "--staging", "staging").exit == 2)
        #expect(workshop.run("drill", "0000", "--staging", "staging").exit == 2)
        #expect(workshop.run("drill", "--staging", "staging", answers: ["wrong"]).exit == 12)
        #expect(workshop.run("drill", "--staging", "staging", "--jobs", "many").exit == 2)
        #expect(workshop.run("report").exit == 1)
        let result = try Workshop.result(workshop.run("drill", "0000", "--staging", "staging", "--json"))
        #expect(result["verdict"] == .null)
        #expect(result["schema"]?.text == "salvor.drill/1")
    }
}
