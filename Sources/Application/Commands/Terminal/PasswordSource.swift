import Platform
import Repositories

/// Where a password comes from: an option's file or command, the policy's place, the environment, a person at a
/// terminal — the first that is given.
struct PasswordSource {
    let console: any Console
    let environment: [String: String]
    let workingDirectory: [UInt8]
    let cancellation: any Cancellation
    /// Whether what stands on standard input is for the verb.
    var inputIsData = false
    /// The place that a policy names; nil when there is no policy.
    var reference: () throws -> Reference? = { nil }
    /// Takes a warning that does not stop the run.
    let warn: (String) -> Void

    /// The variable that holds the password.
    static let variable = "SALVOR_PASSWORD"
    /// The variable that holds a recovery key, where no password is given.
    static let recoveryKeyVariable = "SALVOR_RECOVERY_KEY"
    private static let lengthMax = 4000

    /// The place of a password that a policy names.
    enum Reference: Equatable {
        /// From the root on.
        case file([UInt8])
        case variable(String)
        /// The words of a program.
        case command([String])
    }

    /// The places to look at, for one password.
    struct Places {
        var file: [UInt8]?
        var command: String?
        /// A policy's, when there is neither.
        var reference: Reference?
        /// Whether `SALVOR_PASSWORD` may answer; not for a second, new password.
        var environment: Bool
        /// What a person is asked.
        var prompt: String
        /// The options, for the message when nobody answers.
        var ways: String
    }

    /// What opens a repository that exists: a password, or a recovery key in its place.
    func existing(_ arguments: ParsedArguments) throws -> Credential {
        if try !isGiven(arguments), let text = environment[Self.recoveryKeyVariable] {
            guard let key = RecoveryKey(text) else {
                throw Failure(
                    .usage, "the variable \(Self.recoveryKeyVariable) holds no recovery key",
                    hint: "compare it with the sheet: nine groups of four, and a wrong digit is noticed")
            }
            return .recoveryKey(key)
        }
        let places = try repositoryPlaces(arguments, prompt: "password or recovery key of the repository: ")
        let secret = try answer(places, twice: false)
        let text = unsafe secret.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
        return RecoveryKey(text).map { .recoveryKey($0) } ?? .password(secret)
    }

    /// Whether one of the places for a password is named.
    private func isGiven(_ arguments: ParsedArguments) throws -> Bool {
        try arguments.isOn(GlobalOptions.passwordFile) || arguments.isOn(GlobalOptions.passwordCommand)
            || environment[Self.variable] != nil || reference() != nil
    }

    /// The password of a repository that is being made; a person types it twice.
    func first(_ arguments: ParsedArguments) throws -> SecretBytes {
        try answer(try repositoryPlaces(arguments, prompt: "password of the new repository: "), twice: true)
    }

    /// A further or changed password, from options of its own; a person types it twice.
    func new(file: [UInt8]?, command: String?, options: [OptionSpecification]) throws -> SecretBytes {
        let ways = options.map { "\($0.name) \($0.value ?? "")" }.joined(separator: ", ")
        let places = Places(
            file: file, command: command, environment: false, prompt: "new password: ", ways: "\(ways), or a terminal")
        return try answer(places, twice: true)
    }

    private func repositoryPlaces(_ arguments: ParsedArguments, prompt: String) throws -> Places {
        Places(
            file: arguments.bytes(GlobalOptions.passwordFile),
            command: try arguments.text(GlobalOptions.passwordCommand), reference: try reference(),
            environment: true, prompt: prompt,
            ways: "--password-file FILE, --password-command COMMAND, a policy, or the variable \(Self.variable)")
    }

    private func answer(_ places: Places, twice: Bool) throws -> SecretBytes {
        if let file = places.file { return try fromFile(file) }
        if let command = places.command {
            return try fromCommand(command.split(separator: " ").map(String.init), option: "--password-command")
        }
        switch places.reference {
        case .file(let path): return try fromFile(path)
        case .command(let words): return try fromCommand(words, option: "the policy's password command")
        case .variable(let name):
            guard let value = environment[name] else {
                throw Failure(.usage, "the policy takes the password from the variable \(name), which is not set")
            }
            return try line(of: Array(value.utf8), from: "the variable \(name)")
        case nil: break
        }
        if places.environment, let value = environment[Self.variable] {
            return try line(of: Array(value.utf8), from: "the variable \(Self.variable)")
        }
        guard let typed = console.readPassphrase(prompt: places.prompt) else {
            try cancellation.check()
            throw Failure(
                .usage, "the password is needed, and there is no terminal to ask at", hint: "give it by \(places.ways)")
        }
        guard typed.count > 0 else { throw Failure(.usage, "the password is empty") }
        if twice { try compare(typed, prompt: "the same again: ") }
        return typed
    }

    private func compare(_ typed: SecretBytes, prompt: String) throws {
        guard let again = console.readPassphrase(prompt: prompt) else {
            try cancellation.check()
            throw Failure(.usage, "the password was not typed a second time")
        }
        let same = unsafe typed.withBytes { first in unsafe again.withBytes { unsafe first.elementsEqual($0) } }
        guard same else { throw Failure(.usage, "the two passwords differ; nothing was done") }
    }

    private func fromFile(_ path: [UInt8]) throws -> SecretBytes {
        let file = try AbsolutePath.of(path, workingDirectory: workingDirectory)
        let bytes: [UInt8]
        do {
            let status = try FileStatus(of: file, following: true)
            if status.isRegular, status.permissions & 0o004 != 0 {
                warn("every user of this machine can read the password file \(printable(file)): chmod 600 it")
            }
            bytes = try FileTree.read(file, limit: 1 << 16)
        } catch {
            throw Failure(error).within("cannot read the password file \(printable(file))")
        }
        return try line(of: bytes, from: "the password file \(printable(file))")
    }

    private func fromCommand(_ words: [String], option: String) throws -> SecretBytes {
        guard let program = words.first else { throw Failure(.usage, "\(option) is empty") }
        let bytes: [UInt8]
        do {
            // In our own process group and with our standard input: it may have to ask the person at the terminal.
            // Data that stands there is not its to read.
            let child = try ChildProcess(
                words, environment: Environment.withoutSecrets(environment), input: inputIsData ? .null : .inherited,
                output: .pipe, ownGroup: false)
            var buffer = Buffer(capacity: 1 << 16)
            while buffer.room > 0, try child.readOutput(into: &buffer) > 0 {}
            bytes = buffer.array()
            let ending = try child.wait()
            try cancellation.check()
            guard ending.succeeded else { throw Failure(.failed, "it ended with \(ending.words)") }
        } catch let failure as Failure where failure.kind != .failed {
            throw failure
        } catch {
            throw Failure(error).within("the password command \(program) gave no password")
        }
        return try line(of: bytes, from: "the password command \(program)")
    }

    /// The first line, without its line break.
    private func line(of bytes: [UInt8], from place: String) throws -> SecretBytes {
        var line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else { throw Failure(.usage, "the password is empty: \(place) has none in its first line") }
        guard line.count <= Self.lengthMax else {
            throw Failure(.usage, "the first line of \(place) is longer than \(Self.lengthMax) bytes")
        }
        return SecretBytes(Array(line))
    }
}
