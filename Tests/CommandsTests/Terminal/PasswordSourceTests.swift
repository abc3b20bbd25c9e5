import Platform
import Repositories
import TestDoubles
import Testing

@testable import Commands

@Suite("Passwords")
struct PasswordSourceTests {
    private func text(_ secret: SecretBytes) -> String {
        unsafe secret.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Asks for the password of an existing repository, as a verb with these words would.
    private func password(
        _ words: String..., environment: [String: String] = [:], console: RecordedConsole = RecordedConsole(),
        first: Bool = false, warn: @escaping (String) -> Void = { _ in }
    ) throws -> String {
        let request = try ArgumentParser.parse((["version"] + words).map { Array($0.utf8) })
        guard case .run(_, let arguments) = request else { throw Failure(.failed, "not a run") }
        let source = PasswordSource(
            console: console, environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 },
            workingDirectory: Array("/".utf8), cancellation: NeverCancelled(), warn: warn)
        if first { return text(try source.first(arguments)) }
        guard case .password(let password) = try source.existing(arguments) else { throw Failure(.failed, "a key") }
        return text(password)
    }

    private func withFile(_ content: String, mode: UInt32 = 0o600, _ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder("password")
        try FileTree.write(Array(content.utf8), to: folder.path("password"), mode: mode)
        try body("\(folder.path)/password")
    }

    @Test("a file comes first, then a command, then the variable, then a person")
    func order() throws {
        try withFile("of-file\n") { file in
            let variable = ["SALVOR_PASSWORD": "of-variable"]
            let console = RecordedConsole(answers: ["of-person"])
            let both = ["--password-file", file, "--password-command", "echo of-command"]
            let answers = [
                try password(both[0], both[1], both[2], both[3], environment: variable, console: console),
                try password(both[2], both[3], environment: variable, console: console),
                try password(environment: variable, console: console),
            ]
            #expect(answers == ["of-file", "of-command", "of-variable"])
            #expect(console.prompts.isEmpty)
            let typed = try password(console: console)
            #expect(typed == "of-person")
            #expect(console.prompts.count == 1)
        }
    }

    @Test(
        "of a file the first line counts, without its line break",
        arguments: ["a b\n", "a b", "a b\r\n", "a b\nmore\n"])
    func lines(content: String) throws {
        try withFile(content) { file in
            let read = try password("--password-file", file)
            #expect(read == "a b")
        }
    }

    @Test("a password file that everybody can read is warned of, and used")
    func worldReadable() throws {
        try withFile("x", mode: 0o644) { file in
            var warnings: [String] = []
            let read = try password("--password-file", file, warn: { warnings.append($0) })
            #expect(read == "x")
            #expect(warnings.count == 1)
            #expect(warnings.first?.contains(file) == true)
        }
    }

    @Test("an empty password, a missing file, a failing command are failures that name the place")
    func refused() throws {
        try withFile("\nsecond") { file in
            #expect(failure { _ = try password("--password-file", file) }?.kind == .usage)
        }
        let missing = failure { _ = try password("--password-file", "/no/such/file") }
        #expect(missing?.description.contains("/no/such/file") == true)
        let broken = failure { _ = try password("--password-command", "false") }
        #expect(broken?.description == "the password command false gave no password: it ended with exit 1")
        #expect(failure { _ = try password("--password-command", "no-such-program-here") }?.kind == .failed)
        #expect(failure { _ = try password("--password-command", "true") }?.kind == .usage)
        #expect(failure { _ = try password(environment: ["SALVOR_PASSWORD": ""]) }?.kind == .usage)
        #expect(failure { _ = try password(console: RecordedConsole(answers: [""])) }?.kind == .usage)
    }

    @Test("a command's words are split at spaces and no shell reads them, and it does not see the password variable")
    func command() throws {
        #expect(try password("--password-command", "echo  $HOME ; x") == "$HOME ; x")
        let variables = try password(
            "--password-command", "env", environment: ["SALVOR_PASSWORD": "secret", "PATH": "/usr/bin:/bin"])
        #expect(!variables.contains("secret"))
    }

    @Test("without a terminal the message says which three ways there are")
    func noTerminal() {
        let refused = failure { _ = try password() }
        #expect(refused?.kind == .usage)
        for way in ["--password-file", "--password-command", "SALVOR_PASSWORD"] {
            #expect(refused?.hint?.contains(way) == true, "\(way)")
        }
    }

    @Test("a new password is typed twice, and both must be equal")
    func twice() throws {
        #expect(try password(console: RecordedConsole(answers: ["x", "x"]), first: true) == "x")
        let refused = failure { _ = try password(console: RecordedConsole(answers: ["x", "y"]), first: true) }
        #expect(refused?.kind == .usage)
        #expect(failure { _ = try password(console: RecordedConsole(answers: ["x"]), first: true) }?.kind == .usage)
        #expect(try password(console: RecordedConsole(answers: ["x"])) == "x")
    }
}
