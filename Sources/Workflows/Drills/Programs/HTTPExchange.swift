import Platform

/// One GET over HTTP/1.1 to a program of the drill, on this machine's loopback device or in the drill's network.
///
/// Nothing is followed, nothing is kept, no name is resolved: what is asked is the program that was started here. The
/// grammar is that of RFC 9112.
struct HTTPExchange {
    /// What came back.
    struct Answer: Equatable {
        var status: Int
        var body: [UInt8]
    }

    let port: UInt16
    /// Path and query, beginning with `/`.
    let target: String
    let network: PrivateNetwork?

    /// Takes an address apart: `http://127.0.0.1:8080/path`. Only this machine is one.
    init(_ url: String, network: PrivateNetwork?) throws(Failure) {
        let hosts = ["127.0.0.1", "localhost", "[::1]"]
        guard url.hasPrefix("http://") else { throw Self.refusal(url) }
        let rest = url.dropFirst("http://".count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard let host = hosts.first(where: { authority == $0 || authority.hasPrefix($0 + ":") }) else {
            throw Self.refusal(url)
        }
        let digits = authority.dropFirst(host.count + 1)
        guard authority == host || (UInt16(digits) ?? 0) > 0 else { throw Self.refusal(url) }
        port = authority == host ? 80 : UInt16(digits) ?? 80
        let path = String(rest[end...].prefix { $0 != "#" })
        target = path.hasPrefix("/") ? path : "/" + path
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { throw Self.refusal(url) }
        self.network = network
    }

    private static func refusal(_ url: String) -> Failure {
        Failure(.unverifiable, "`\(url)` is no address of a program on this machine, such as http://127.0.0.1:8080/")
    }

    /// Asks, and answers. Throws what keeps it from an answer: nobody listens, or what comes is no HTTP.
    func run(cancellation: any Cancellation) throws -> Answer {
        let idle = { try cancellation.check() }
        let connection = try LoopbackConnection(port: port, in: network, idle: idle)
        let request =
            "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: salvor\r\nAccept: */*\r\n"
            + "Connection: close\r\n\r\n"
        try connection.send(Array(request.utf8), idle: idle)
        var reader = HTTPAnswerReader()
        while !reader.isWhole {
            let more = try connection.receive(idle: idle)
            if more.isEmpty {
                reader.end()
                break
            }
            reader.take(more)
            if let problem = reader.problem { throw Failure(.failed, "127.0.0.1:\(port) \(problem)") }
        }
        guard reader.isWhole else {
            throw Failure(.failed, "127.0.0.1:\(port) \(reader.problem ?? "ended before its answer was whole")")
        }
        return Answer(status: reader.status, body: reader.body)
    }
}
