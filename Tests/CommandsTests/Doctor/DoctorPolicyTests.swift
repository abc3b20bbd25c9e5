import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("The doctor with a policy")
struct DoctorPolicyTests {
    /// Runs a verb with a policy as its only word on where things are.
    private func run(_ workshop: Workshop, _ words: String..., environment: [String: String] = [:]) -> Said {
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }, workingDirectory: Array("/".utf8),
            cancellation: NeverCancelled(), clock: SystemClock())
        let words = words + ["-p", "\(workshop.folder.path)/shop.json5"]
        return Said(exit: program.run(words.map { Array($0.utf8) }), output: console.output, errors: console.errors)
    }

    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        try workshop.folder.write("password", text: workshop.password + "\n")
        let password = try FileDescriptor(opening: workshop.folder.path("password"), 0)
        try FileMetadata.setPermissions(0o600, of: password.number)
        try FileTree.makeDirectories(workshop.folder.path("staging"), mode: 0o755)
        let policy = """
            {format: "salvor.policy/1", name: "web", repository: {url: "repository", password: {file: "password"}},
             sources: {shop: {adapter: "files", root: "\(workshop.folder.path)/shop"}},
             drill: {staging: "\(workshop.folder.path)/staging"}}
            """
        try workshop.folder.write("shop.json5", text: policy)
        #expect(run(workshop, "init").exit == 0)
        #expect(run(workshop, "backup", "-q").exit == 0)
        return workshop
    }

    @Test("the policy's repository, password and staging are looked at, as a drill would use them")
    func looks() throws {
        let workshop = try workshop()
        #expect(run(workshop, "drill", "-q").exit == 0)
        let said = run(workshop, "doctor")
        #expect(said.exit == 0, "\(said.output)\(said.errors)")
        for words in [
            "ok       snapshot  the newest of web is ", "ok       proof     web was drilled ",
            "free in \(workshop.folder.path)/staging, for drills", "can be read and written",
            "only its owner may read \(workshop.folder.path)/password",
        ] { #expect(said.output.contains(words), "\(words) in \(said.output)") }
        #expect(!said.output.contains("no repository was given"))
    }

    @Test("what a killed drill left in the policy's staging is found, and --staging goes before the policy's")
    func leftovers() throws {
        let workshop = try workshop()
        try FileTree.makeDirectories(workshop.folder.path("staging/salvor-drill-0123456789abcdef"))
        try FileTree.makeDirectories(workshop.folder.path("elsewhere"), mode: 0o755)
        let said = run(workshop, "doctor", "-q")
        #expect(said.exit == 7, "\(said.output)")
        #expect(said.output.contains("salvor-drill-0123456789abcdef was left by a drill"), "\(said.output)")
        #expect(run(workshop, "doctor", "-q", "--staging", "\(workshop.folder.path)/elsewhere").exit == 0)
    }

    @Test("the policy goes before the variable of the repository, and -r before the policy")
    func precedence() throws {
        let workshop = try workshop()
        #expect(run(workshop, "doctor", environment: ["SALVOR_REPOSITORY": "/nowhere"]).exit == 0)
        #expect(run(workshop, "doctor", "-r", workshop.folder.path + "/nowhere").exit == 10)
    }

    @Test("a policy with mistakes is exit 8 with their places, and the machine is looked at all the same")
    func mistaken() throws {
        let workshop = try workshop()
        try workshop.folder.write("shop.json5", text: "{format: 'salvor.policy/1',\n nam: 'web'}")
        let said = run(workshop, "doctor")
        #expect(said.exit == 8, "\(said.output)\(said.errors)")
        #expect(said.output.contains("shop.json5:2:2: `nam` is no key"), "\(said.output)")
        #expect(said.output.contains("libcrypto 3.") && said.output.contains("for drills"), "\(said.output)")
    }
}
