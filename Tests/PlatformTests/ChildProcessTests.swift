import Glibc
import Platform
import Synchronization
import TestDoubles
import Testing

@Suite("Children")
struct ChildProcessTests {
    private let environment = ["PATH": "/usr/bin:/bin"]

    @Test("output, errors and exit code come back")
    func outcome() throws {
        let outcome = try ChildProcess.run(["sh", "-c", "echo out; echo err >&2; exit 3"], environment: environment)
        #expect(outcome.output == Array("out\n".utf8))
        #expect(outcome.complaint == "err")
        #expect(outcome.ending.code == 3)
        #expect(outcome.ending.words == "exit 3")
        let killed = try ChildProcess.run(["sh", "-c", "kill -9 $$"], environment: environment)
        #expect(killed.ending.words == "killed by signal 9")
        #expect(!killed.ending.succeeded)
    }

    @Test("a child gets the three standard streams and no other descriptor, although ours may be inheritable")
    func descriptors() throws {
        let folder = try TemporaryFolder()
        let path = CString(try folder.write("file", text: "x"))
        let numbers = (0..<20).map { _ in unsafe Glibc.open(path.pointer, O_RDONLY, 0) }
        defer { for number in numbers { _ = close(number) } }
        let outcome = try ChildProcess.run(["ls", "/proc/self/fd"], environment: environment)
        // The fourth is the directory that ls reads.
        #expect(outcome.output == Array("0\n1\n2\n3\n".utf8))
    }

    @Test("a child's environment is exactly what it is given")
    func variables() throws {
        let outcome = try ChildProcess.run(["/usr/bin/env"], environment: ["B": "2 x", "A": "1"])
        #expect(outcome.output == Array("A=1\nB=2 x\n".utf8))
        let secrets = ["SALVOR_PASSWORD", "SALVOR_RECOVERY_KEY", "SALVOR_PING", "PGPASSWORD"]
        let given = Dictionary(uniqueKeysWithValues: (secrets + ["PATH"]).map { ($0, "x") })
        #expect(Environment.withoutSecrets(given) == ["PATH": "x"])
    }

    @Test("megabytes go through in both directions at once")
    func bigStreams() throws {
        let bytes = SeededRandomness(seed: 5).bytes(5 << 20)
        let outcome = try ChildProcess.run(
            ["sh", "-c", "tee /dev/stderr"], environment: environment, input: bytes, limit: 5 << 20)
        #expect(outcome.output == bytes)
        #expect(outcome.errors == bytes)
    }

    @Test("a child that does not read its input, and one that writes more than is kept, end well")
    func unreadAndUnkept() throws {
        let bytes = [UInt8](repeating: 7, count: 1 << 20)
        let unread = try ChildProcess.run(["sh", "-c", "exit 0"], environment: environment, input: bytes)
        #expect(unread.ending.succeeded)
        let much = try ChildProcess.run(
            ["head", "-c", "300000", "/dev/zero"], environment: environment, limit: 1000)
        #expect(much.output.count == 1000)
        #expect(much.ending.succeeded)
    }

    @Test("a child that closes its output first and reads later gets all its input")
    func lateReader() throws {
        let folder = try TemporaryFolder()
        let bytes = [UInt8](repeating: 7, count: 1 << 20)
        let outcome = try ChildProcess.run(
            ["sh", "-c", "exec >&- 2>&-; sleep 0.2; cat > \"$0\"", "\(folder.path)/copy"], environment: environment,
            input: bytes)
        #expect(outcome.ending.succeeded)
        #expect(try FileTree.read(folder.path("copy"), limit: 2 << 20).count == 1 << 20)
    }

    @Test("a grandchild that keeps the pipes, as a server does, is not waited for")
    func daemon() throws {
        let outcome = try ChildProcess.run(["sh", "-c", "sleep 60 & echo $!"], environment: environment)
        #expect(outcome.ending.succeeded)
        let text = String(decoding: outcome.output, as: UTF8.self)
        let grandchild = try #require(pid_t(text.split(separator: "\n").first ?? ""))
        #expect(kill(grandchild, SIGKILL) == 0, "it still lives")
    }

    @Test("a cancelled run ends the whole group, those that ignore SIGTERM too, and rethrows the reason")
    func cancelled() throws {
        struct Cancelled: Cancellation {
            let begun = SystemClock().monotonicSeconds()
            func check() throws {
                if SystemClock().monotonicSeconds() > begun + 0.5 { throw Failure(.interrupted, "enough") }
            }
        }
        let folder = try TemporaryFolder()
        let script = "trap '' TERM; sleep 300 & echo $! > \"$0\"; wait; sleep 300"
        let failure = #expect(throws: Failure.self) {
            try ChildProcess.run(
                ["sh", "-c", script, "\(folder.path)/pid"], environment: environment, cancellation: Cancelled())
        }
        #expect(failure?.kind == .interrupted)
        let text = String(decoding: try FileTree.read(folder.path("pid"), limit: 20), as: UTF8.self)
        let grandchild = try #require(pid_t(text.dropLast()))
        #expect(isGone(grandchild), "the grandchild ended with its group")
    }

    @Test("while one thread waits for a child another may signal it")
    func signalWhileWaiting() throws {
        let child = try ChildProcess(["sleep", "300"], environment: environment)
        let ending = Mutex<ChildProcess.Ending?>(nil)
        try ThreadScope.run { scope in
            scope.start("waits") {
                let ended = try child.wait()
                ending.withLock { $0 = ended }
            }
            usleep(50_000)
            #expect(child.endingIfAny() == nil)
            child.signal(SIGTERM)
        }
        #expect(ending.withLock { $0?.signal } == SIGTERM)
        #expect(try child.wait().signal == SIGTERM, "asked again, the same")
    }

    @Test("who waits for a child's output or its end is asked several times a second, and may stop")
    func patience() throws {
        struct Enough: Error {}
        let child = try ChildProcess(
            ["sh", "-c", "sleep 0.7; echo x; exec >&-; sleep 0.7; exit 4"], environment: environment, output: .pipe)
        var asked = 0
        var buffer = Buffer(capacity: 16)
        while try child.readOutput(into: &buffer, idle: { asked += 1 }) > 0 {}
        #expect(buffer.array() == Array("x\n".utf8))
        #expect(asked >= 2)
        asked = 0
        #expect(try child.wait(idle: { asked += 1 }).code == 4)
        #expect(asked >= 2)
        #expect(try child.wait(idle: { throw Enough() }).code == 4, "it has ended already")
        let silent = try ChildProcess(["sleep", "300"], environment: environment, output: .pipe)
        #expect(throws: Enough.self) { try silent.readOutput(into: &buffer, idle: { throw Enough() }) }
        #expect(throws: Enough.self) { _ = try silent.wait(idle: { throw Enough() }) }
        silent.stop()
    }

    @Test("a program that is not there is named")
    func missing() {
        let failure = #expect(throws: Failure.self) {
            try ChildProcess.run(["no-such-program"], environment: environment)
        }
        #expect(failure?.sentence.contains("no-such-program") == true)
        #expect(failure?.systemError == ENOENT)
        #expect(throws: Failure.self) { try ChildProcess.run(["/nowhere/x"], environment: environment) }
    }

    @Test("a thousand children leave no descriptor open in us")
    func noLeak() throws {
        func open() throws -> Int { try Directory(Array("/proc/self/fd".utf8)).names().count }
        _ = try ChildProcess.run(["true"], environment: environment)
        let before = try open()
        for _ in 0..<200 {
            _ = try ChildProcess.run(["true"], environment: environment, input: [1])
            _ = try? ChildProcess.run(["/nowhere/x"], environment: environment, input: [1])
        }
        // Other tests run beside this one.
        #expect(try open() < before + 100)
    }

    /// Whether a process ends soon: it is killed already, and its adopter has to notice.
    private func isGone(_ identifier: pid_t) -> Bool {
        for _ in 0..<500 {
            if kill(identifier, 0) != 0 { return true }
            let state = try? FileTree.read(Array("/proc/\(identifier)/stat".utf8), limit: 4096)
            if let state, String(decoding: state, as: UTF8.self).contains(") Z ") { return true }
            usleep(10_000)
        }
        return false
    }
}
