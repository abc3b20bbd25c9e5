import DataSources
import Formats
import Platform
import Policies
import Repositories
import Storage
import TestDoubles
import Testing

@testable import Commands

@Suite("What a policy says where the command line says nothing")
struct PolicyAccessTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("policy") }

    /// Runs `body` with the context of a verb that is given these words and a policy.
    private func with<Answer: Sendable>(
        _ words: String..., password: String = "{file: 'pw'}", url: String = "repository",
        environment: [String: String] = [:], viaVariable: Bool = false,
        _ body: @escaping @Sendable (CommandContext) throws -> Answer
    ) throws -> Answer {
        let text = """
            {format: "salvor.policy/1", name: "shop", repository: {url: "\(url)", password: \(password)},
             sources: {a: {adapter: "files", root: "/a"}}}
            """
        try FileTree.write(Array(text.utf8), to: folder.path("shop.json5"))
        let path = "\(folder.path)/shop.json5"
        let words = ["probe", "read"] + words + (viaVariable ? [] : ["-p", path])
        let request = try ArgumentParser.parse(
            words.map { Array($0.utf8) }, commands: [ProbeCommand()],
            environment: environment.merging(viaVariable ? ["SALVOR_POLICY": path] : [:]) { $1 })
        guard case .run(_, let arguments) = request else { throw Failure(.failed, "not a run") }
        let console = RecordedConsole()
        let output = Output(console: console, clock: ManualClock(), isJSON: false, isQuiet: true)
        return try body(
            CommandContext(
                arguments: arguments, output: output, console: console,
                environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }, workingDirectory: Array("/".utf8),
                cancellation: NeverCancelled(), clock: ManualClock()))
    }

    @Test("the repository is the command line's, else the policy's, else the variable's")
    func location() throws {
        let variable = ["SALVOR_REPOSITORY": "/of-variable"]
        #expect(try with(environment: variable) { try $0.storeLocation().description } == "\(folder.path)/repository")
        #expect(
            try with("-r", "/of-option", environment: variable) { try $0.storeLocation().description } == "/of-option")
        let named = try with(environment: variable, viaVariable: true) { try $0.storeLocation().description }
        #expect(named == "\(folder.path)/repository")
        #expect(try with(url: "/srv/r") { try $0.storeLocation().path } == Array("/srv/r".utf8))
        #expect(try with(url: "file:///srv/r%20s") { try $0.storeLocation().path } == Array("/srv/r s".utf8))
    }

    @Test("the password is the option's, else the policy's, else the variable's")
    func password() throws {
        try FileTree.write(Array("of-file\n".utf8), to: folder.path("pw"))
        let variables = ["SALVOR_PASSWORD": "of-variable", "SHOP_PW": "of-shop", "SALVOR_RECOVERY_KEY": "nonsense"]
        @Sendable func password(_ context: CommandContext) throws -> String {
            guard case .password(let secret) = try context.passwords.existing(context.arguments) else {
                throw Failure(.failed, "a key")
            }
            return unsafe secret.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
        #expect(try with(environment: variables, password) == "of-file")
        #expect(try with("--password-command=echo of-option", environment: variables, password) == "of-option")
        #expect(try with(password: "{env: 'SHOP_PW'}", environment: variables, password) == "of-shop")
        #expect(Environment.withoutSecrets(["SHOP_PW": "x", "A": "b"]) == ["A": "b"], "no child is told")
        let command = "{command: ['printf', '%s\\n', 'two words']}"
        #expect(try with(password: command, environment: variables, password) == "two words")
        let missing = failure { _ = try with(password: "{env: 'NOT_SET'}", environment: variables, password) }
        #expect(missing?.sentence.contains("NOT_SET, which is not set") == true)
    }

    @Test("snapshots are chosen among those of the policy's system, unless another one is named")
    func system() throws {
        #expect(try with { try SnapshotOptions.filter($0).system } == "shop")
        let path = "\(folder.path)/shop.json5"
        let request = try ArgumentParser.parse(
            ["ls", "latest", "--system", "other", "-p", path].map { Array($0.utf8) })
        guard case .run(_, let arguments) = request else { throw Failure(.failed, "not a run") }
        #expect(try SnapshotOptions.filter(arguments).system == "other")
    }

    @Test("the policy is read once a run, whatever happens to its file")
    func once() throws {
        let path = folder.path("shop.json5")
        let same = try with { context in
            let first = try context.policy()
            try FileTree.write(Array("{".utf8), to: path)
            return try first == context.policy() && first != nil
        }
        #expect(same)
    }

    @Test("whoever gives a policy cannot say otherwise what is saved")
    func backup() throws {
        _ = try with { _ in true }
        let path = "\(folder.path)/shop.json5"
        #expect(salvor("backup", "-p", path, "/b").errors.contains("the sources are those of the policy"))
        #expect(salvor("backup", "-p", path, "--exclude=*.tmp").errors.contains("--exclude and a policy"))
        #expect(salvor("backup", "-p", path, "--lock-timeout=5").errors.contains("is for sources that are databases"))
        #expect(salvor("backup", "/b", environment: ["SALVOR_POLICY": path]).errors.contains("unset SALVOR_POLICY"))
        #expect(salvor("backup").exit == 2 && salvor("backup").errors.contains("SOURCE…"))
    }

    @Test(
        "an address with a list of databases is one that can be read again",
        arguments: [
            "postgres:service=shop", "postgres:", "postgres://host/", "postgres://host",
            "postgres://host/?connect_timeout=3",
        ])
    func databases(address: String) throws {
        for databases: PostgresLocation.Databases in [.one, .all, .named(["shop"]), .named(["a b", "ä&%'\\", "c"])] {
            let made = try PostgresLocation(address, databases: databases)
            #expect(try PostgresLocation(made.text) == made, "\(made.text)")
        }
    }
}
