import Formats
import Glibc
import Platform
import TestDoubles
import Testing

/// The built program, as a person or a machine runs it: words in, an exit code and two streams out.
struct Salvor {
    /// How one run ended.
    struct Result {
        var exit: Int32
        var signal: Int32
        var output: String
        var errors: String
        /// The bytes of the standard output.
        var bytes: [UInt8]

        /// Everything it said, for a message.
        var said: String { "exit \(exit), signal \(signal)\n\(output)\n\(errors)" }

        /// The last line of its JSON output.
        func json() throws -> JSONValue {
            let line = try #require(output.split(separator: "\n").last, "\(said)")
            return try JSONParser.parse(Array(line.utf8))
        }
    }

    /// The program beside the tests that run now.
    static let binary: String = {
        var target = [CChar](repeating: 0, count: 4096)
        let length = unsafe readlink("/proc/self/exe", &target, target.count)
        precondition(length > 0, "there is no /proc")
        let path = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/salvor"
    }()

    /// The top folder of the sources.
    static let top = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/")

    /// A folder of this test alone; repository, staging and cache lie in it.
    let folder: TemporaryFolder
    /// What `-r` gets.
    var repository: String { folder.path + "/repository" }
    /// Where drills stage.
    var staging: String { folder.path + "/staging" }
    let password = "correct horse"

    /// Makes the folder; `initialise` makes the repository.
    init(_ purpose: String = "e2e") throws {
        folder = try TemporaryFolder(purpose)
        try FileTree.makeDirectories(Array(staging.utf8), mode: 0o755)
        let name = CString(folder.path)
        // A staged server runs as another user, who must get through.
        if unsafe chmod(name.pointer, 0o755) != 0 { throw Failure.system("open", folder.path) }
    }

    /// With a fresh repository.
    static func withRepository(_ purpose: String = "e2e") throws -> Salvor {
        let salvor = try Salvor(purpose)
        try salvor.succeeds("init")
        return salvor
    }

    /// The environment that a run gets; `changes` win, an empty value takes a variable away.
    func environment(_ changes: [String: String] = [:]) -> [String: String] {
        var variables = Environment.withoutSecrets().filter { !$0.key.hasPrefix("SALVOR_") && !$0.key.hasPrefix("PG") }
        variables["SALVOR_REPOSITORY"] = repository
        variables["SALVOR_PASSWORD"] = password
        variables["SALVOR_CACHE_DIR"] = folder.path + "/cache"
        variables["TMPDIR"] = staging
        for (name, value) in changes { variables[name] = value.isEmpty ? nil : value }
        return variables
    }

    /// Runs salvor to its end.
    func run(_ words: [String], _ changes: [String: String] = [:]) throws -> Result {
        let outcome = try ChildProcess.run(
            [Self.binary] + words, environment: environment(changes), limit: 256 << 20, directory: folder.path)
        return Result(
            exit: outcome.ending.code, signal: outcome.ending.signal,
            output: String(decoding: outcome.output, as: UTF8.self),
            errors: String(decoding: outcome.errors, as: UTF8.self), bytes: outcome.output)
    }

    /// Runs salvor to its end.
    func run(_ words: String...) throws -> Result { try run(words) }

    /// Runs salvor, which must end with exit code 0.
    @discardableResult
    func succeeds(_ words: String..., location: SourceLocation = #_sourceLocation) throws -> Result {
        let result = try run(words)
        try #require(
            result.exit == 0, "salvor \(words.joined(separator: " ")): \(result.said)", sourceLocation: location)
        return result
    }

    /// Runs salvor, which must end with this exit code and name all of `named` in what it says.
    @discardableResult
    func fails(
        _ exit: Int32, naming named: [String] = [], _ words: String..., location: SourceLocation = #_sourceLocation
    ) throws -> Result {
        let result = try run(words)
        #expect(result.exit == exit, "salvor \(words.joined(separator: " ")): \(result.said)", sourceLocation: location)
        for name in named {
            let both = result.output + result.errors
            #expect(both.contains(name), "\(name) is not named: \(result.said)", sourceLocation: location)
        }
        #expect(!(result.output + result.errors).contains(password), "no secret is shown", sourceLocation: location)
        return result
    }

    /// The lines of Scripts/compare-trees, which is not salvor: one a difference.
    func differences(_ one: String, _ other: String) throws -> String {
        let outcome = try ChildProcess.run(
            ["/usr/bin/python3", Self.top + "/Scripts/compare-trees", "--ignore-root", one, other],
            environment: ["PATH": "/usr/bin:/bin"])
        let clean = outcome.ending.code == 0 || outcome.ending.code == 1
        try #require(clean, "\(outcome.complaint)")
        return String(decoding: outcome.output, as: UTF8.self)
    }

    /// Runs a shell line of the test, which must succeed; answers what it prints.
    @discardableResult
    func shell(_ line: String, location: SourceLocation = #_sourceLocation) throws -> String {
        let outcome = try ChildProcess.run(["bash", "-ec", line], environment: environment(), directory: folder.path)
        try #require(outcome.ending.succeeded, "\(line): \(outcome.complaint)", sourceLocation: location)
        return String(decoding: outcome.output, as: UTF8.self)
    }

    /// How many snapshots salvor shows.
    func snapshots() throws -> Int {
        try succeeds("snapshots", "--json").output.split(separator: "\n").count - 1
    }

    /// The names of all objects in the repository that lie in a folder of it.
    func objects(_ place: String = "") throws -> [String] {
        let list = "cd \(repository)/\(place) 2>/dev/null || exit 0; find . -type f | sed 's,^./,,' | sort"
        return try shell(list).split(separator: "\n").map { String($0) }
    }
}
