import Platform
import TestDoubles
import Testing

@Suite("The client for servers outside")
struct HTTPClientTests {
    private func post(
        _ address: String, seconds: Double = 5, cancellation: any Cancellation = NeverCancelled()
    ) throws -> HTTPAnswer {
        try HTTPClient(agent: "salvor/test").post(
            Array("body".utf8), to: address, shownAs: "the server", seconds: seconds, cancellation: cancellation)
    }

    private struct Stopped: Cancellation {
        func check() throws { throw Failure(.interrupted, "interrupted (Ctrl-C)") }
    }

    @Test("an answer is an answer, whatever its status, and its first kilobyte is kept")
    func answers() throws {
        let watcher = try Watcher()
        let answer = try post(watcher.address())
        #expect(answer.status == 200 && answer.content == Array("OK".utf8))
        let gone = try Watcher("gone")
        #expect(try post(gone.address()).status == 404)
    }

    @Test("a server that hangs is given up after the time")
    func slow() throws {
        let watcher = try Watcher("slow")
        let begin = SystemClock().monotonicSeconds()
        let problem = failure { _ = try post(watcher.address(), seconds: 0.5) }
        #expect(problem?.kind == .unreachable && problem?.cause == "Timeout was reached")
        #expect(SystemClock().monotonicSeconds() < begin + 5)
    }

    @Test("somebody who stops the run need not wait for a server that hangs")
    func stopped() throws {
        let watcher = try Watcher("slow")
        let begin = SystemClock().monotonicSeconds()
        #expect(failure { _ = try post(watcher.address(), seconds: 30, cancellation: Stopped()) }?.kind == .interrupted)
        #expect(SystemClock().monotonicSeconds() < begin + 5)
    }

    @Test("a certificate that nobody vouches for is refused, before anything is said")
    func certificate() throws {
        let folder = try TemporaryFolder("certificate")
        let made = try ChildProcess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder.path + "/key", "-out",
                folder.path + "/cert", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            ],
            environment: ["PATH": "/usr/bin:/bin"])
        #expect(made.ending.succeeded, "\(made.complaint)")
        let key = try FileTree.read(folder.path("key"), limit: 1 << 16)
        try folder.write("both", key + FileTree.read(folder.path("cert"), limit: 1 << 16))
        let watcher = try Watcher(certificate: folder.path + "/both")
        let problem = failure { _ = try post(watcher.address("https")) }
        #expect(problem?.kind == .unreachable && problem?.cause?.contains("certificate") == true, "\(problem as Any)")
        #expect(try watcher.requests().isEmpty)
    }

    @Test("other protocols than http and https are not spoken")
    func protocols() throws {
        let folder = try TemporaryFolder("protocols")
        try folder.write("file", text: "secret")
        #expect(failure { _ = try post("file://\(folder.path)/file") }?.kind == .unreachable)
    }
}
