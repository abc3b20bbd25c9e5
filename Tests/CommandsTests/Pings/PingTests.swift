import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

/// Stops a run at the given question, and at every later one.
private final class StopsLater: Cancellation, @unchecked Sendable {
    private let lock = Lock()
    private var left: Int

    init(after questions: Int) { left = questions }

    func check() throws {
        let stops = lock.locked {
            left -= 1
            return left < 0
        }
        if stops { throw Failure(.terminated, "stopped by a signal (SIGTERM)") }
    }
}

@Suite("Pings, to a server of this machine")
struct PingTests {
    private static let secret = "c0ffee-secret"

    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        return workshop
    }

    /// Runs the verb, and looks that the secret of the address is in nothing that it says.
    private func run(_ workshop: Workshop, _ address: String, _ words: [String]) -> Said {
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: [
                "SALVOR_PING": address, "SALVOR_PASSWORD": workshop.password, "SALVOR_REPOSITORY": workshop.repository,
                "PATH": "/usr/bin:/bin",
            ],
            workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(), clock: SystemClock())
        let exit = program.run(words.map { Array($0.utf8) })
        #expect(!(console.output + console.errors).contains(Self.secret), "\(console.output)\(console.errors)")
        return Said(exit: exit, output: console.output, errors: console.errors)
    }

    @Test("a run tells when it begins and that it ended well, as a pair")
    func success() throws {
        let watcher = try Watcher()
        let workshop = try workshop()
        let said = run(workshop, watcher.address(), ["backup", "shop", "--system", "web", "--json"])
        #expect(said.exit == 0, "\(said.errors)")
        let requests = try watcher.requests()
        #expect(requests.map(\.place) == ["/c0ffee-secret/start", "/c0ffee-secret"])
        #expect(requests[0].run?.count == 36 && requests[0].run == requests[1].run)
        #expect(requests[1].body.hasPrefix("salvor backup: done, all well\nsystem web\nsnapshot "))
        let ping = try Workshop.result(said)["ping"]
        #expect(ping?["started"]?.flag == true && ping?["ended"]?.flag == true && ping?["problem"] == .null)
        #expect(ping?["host"]?.text == "127.0.0.1:\(watcher.port)")

        #expect(run(workshop, watcher.address(), ["check"]).exit == 0)
        let later = try watcher.requests().suffix(2)
        #expect(later.map(\.place) == ["/c0ffee-secret/start", "/c0ffee-secret"])
        #expect(later.last?.run != requests[0].run, "every run has a number of its own")
    }

    @Test("a drill tells its verdict and the measured recovery time")
    func drill() throws {
        let watcher = try Watcher()
        let workshop = try workshop()
        #expect(workshop.run("backup", "shop", "--system", "web").exit == 0)
        try FileTree.makeDirectories(workshop.folder.path("staging"), mode: 0o755)
        #expect(run(workshop, watcher.address(), ["drill", "--staging", "staging"]).exit == 0)
        let body = try #require(try watcher.requests().last?.body)
        #expect(body.contains("\nsystem web\nrecovered\n") && body.contains("measured recovery time "))
    }

    @Test("a failure tells its exit code and what it means, but no path")
    func failure() throws {
        let watcher = try Watcher()
        let workshop = try workshop()
        let said = run(workshop, watcher.address(), ["backup", "shop", "-r", workshop.folder.path + "/nowhere"])
        #expect(said.exit == 10)
        let requests = try watcher.requests()
        #expect(requests.map(\.place) == ["/c0ffee-secret/start", "/c0ffee-secret/10"])
        #expect(requests[1].body == "salvor backup: exit 10\nthere is no repository\n")
        for request in requests { #expect(!request.body.contains("/") && request.body.utf8.count <= 9000) }
    }

    @Test("a query stays behind the path: with ?create=1 a check is made on first use")
    func query() throws {
        let watcher = try Watcher()
        _ = run(try workshop(), watcher.address() + "/?create=1", ["check"])
        #expect(try watcher.requests().map(\.path).first?.hasPrefix("/c0ffee-secret/start?create=1&rid=") == true)
    }

    @Test("a run that is stopped by a signal tells that, too")
    func stopped() throws {
        let watcher = try Watcher()
        let workshop = try workshop()
        let program = Program(
            commands: CommandTable.all, console: RecordedConsole(),
            environment: ["SALVOR_PASSWORD": workshop.password], workingDirectory: workshop.folder.bytes,
            cancellation: StopsLater(after: 20), clock: SystemClock())
        for number in 0..<200 { try workshop.folder.write("shop/many/\(number)", text: "\(number)") }
        let words = ["backup", "shop", "-r", workshop.repository, "--ping", watcher.address()]
        #expect(program.run(words.map { Array($0.utf8) }) == 143)
        #expect(try watcher.requests().last?.place == "/c0ffee-secret/143")
    }

    @Test(
        "a server that is down, broken, or knows no such check costs a warning, and the run its success never",
        arguments: ["down", "broken", "gone", "unknown"])
    func undelivered(behaviour: String) throws {
        let watcher = try Watcher(behaviour)
        if behaviour == "down" { watcher.stop() }
        let said = run(try workshop(), watcher.address(), ["backup", "shop", "--json", "-q"])
        #expect(said.exit == 0)
        #expect(said.errors.contains("salvor: warning: the ping was not delivered: 127.0.0.1:"), "\(said.errors)")
        let ping = try Workshop.result(said)["ping"]
        #expect(ping?["started"]?.flag == false && ping?["ended"]?.flag == false)
        #expect(ping?["problem"]?.text?.isEmpty == false)
        // What may be better in a second is tried three times.
        if behaviour == "broken" { #expect(try watcher.requests().count == 6) }
        if behaviour == "gone" { #expect(try watcher.requests().count == 2) }
    }

    @Test("a server that fails once is asked again")
    func repeated() throws {
        let watcher = try Watcher("broken-once")
        let said = run(try workshop(), watcher.address(), ["check"])
        #expect(said.errors.isEmpty)
        #expect(try watcher.requests().map(\.place).suffix(2) == ["/c0ffee-secret/start", "/c0ffee-secret"])
        #expect(try watcher.requests().count == 3)
    }

    @Test("a redirection is followed, with the body")
    func moved() throws {
        let watcher = try Watcher("moved")
        #expect(run(try workshop(), watcher.address(), ["check"]).errors.isEmpty)
        let last = try #require(try watcher.requests().last)
        #expect(last.place == "/moved/c0ffee-secret" && last.body.hasPrefix("salvor check: done"))
    }

    @Test("a dry run tells nobody, and a verb without the option neither")
    func silent() throws {
        let watcher = try Watcher()
        let workshop = try workshop()
        #expect(run(workshop, watcher.address(), ["backup", "shop", "--dry-run"]).exit == 0)
        #expect(run(workshop, watcher.address(), ["snapshots"]).exit == 0)
        #expect(try watcher.requests().isEmpty)
    }

    @Test(
        "what is no address of the web is wrong usage, and is not repeated",
        arguments: ["c0ffee-secret", "ftp://x/c0ffee-secret", "https:///c0ffee-secret", "https://x/c0ffee-secret y"])
    func wrong(address: String) throws {
        let said = run(try workshop(), address, ["check"])
        #expect(said.exit == 2 && said.errors.contains("SALVOR_PING"))
    }
}
