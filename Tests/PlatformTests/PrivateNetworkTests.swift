import Platform
import Testing

/// A network of its own, and connections inside it.
struct PrivateNetworkTests {
    @Test("programs in one private network reach each other over loopback, and nobody outside does")
    func isAlone() throws {
        let network = try PrivateNetwork()
        let server = try Self.serve(port: 18_080, in: network)
        defer { server.stop(graceSeconds: 1) }
        let inside = try Self.ask(port: 18_080, in: network, patience: 10)
        #expect(inside.hasPrefix("HTTP/1.0 200"))
        #expect(throws: Failure.self) { try Self.connect(18_080) }
        let other = try PrivateNetwork()
        #expect(throws: Failure.self) { try Self.connect(18_080, in: other) }
    }

    @Test("nothing but the loopback device is in it, so no packet can leave")
    func hasNoWayOut() throws {
        let network = try PrivateNetwork()
        let outcome = try ChildProcess.run(
            network.prefix + ["cat", "/proc/net/dev", "/proc/net/route"], environment: Environment.withoutSecrets())
        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        #expect(outcome.ending.succeeded, "\(outcome.complaint)")
        let devices = lines.filter { $0.contains(":") }.map { $0.split(separator: ":")[0].split(separator: " ")[0] }
        #expect(devices.filter { $0 != "lo" && !$0.hasPrefix("tunl") && !$0.hasPrefix("sit") } == [], "\(lines)")
        #expect(lines.last?.hasPrefix("Iface") == true, "there is no route: \(lines)")
    }

    @Test("free ports are different ones, and nothing listens there")
    func findsPorts() throws {
        let ports = try LoopbackConnection.freePorts(20)
        #expect(Set(ports).count == 20 && ports.allSatisfy { $0 > 1024 })
        for port in ports { #expect(throws: Failure.self) { try Self.connect(port) } }
    }

    private static func connect(_ port: UInt16, in network: PrivateNetwork? = nil) throws {
        _ = try LoopbackConnection(port: port, in: network) {}
    }

    private static func serve(port: UInt16, in network: PrivateNetwork) throws -> ChildProcess {
        try ChildProcess(
            network.prefix + ["/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", String(port)],
            environment: Environment.withoutSecrets(), output: .null, errors: .null, directory: "/usr/share/misc")
    }

    private static func ask(port: UInt16, in network: PrivateNetwork, patience: Double) throws -> String {
        let limit = SystemClock().monotonicSeconds() + patience
        while true {
            do {
                let connection = try LoopbackConnection(port: port, in: network) {}
                try connection.send(Array("GET / HTTP/1.0\r\n\r\n".utf8)) {}
                return String(decoding: try connection.receive {}, as: UTF8.self)
            } catch {
                guard SystemClock().monotonicSeconds() < limit else { throw error }
                Pause.sleep(seconds: 0.05)
            }
        }
    }
}
