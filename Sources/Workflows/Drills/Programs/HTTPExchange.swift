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

    /// More of an answer is not read.
    static let limit = 8 << 20

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
        var bytes: [UInt8] = []
        while bytes.count < Self.limit, !Self.isWhole(bytes) {
            let more = try connection.receive(idle: idle)
            if more.isEmpty { break }
            bytes += more
        }
        guard let answer = Self.parse(bytes) else {
            throw Failure(.failed, "what 127.0.0.1:\(port) answers is no HTTP")
        }
        return answer
    }

    /// Whether no more is to come, as far as the answer itself says.
    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard let head = Head(bytes) else { return false }
        let body = bytes[head.end...]
        if head.isChunked { return decoded(body)?.isWhole ?? false }
        return head.length.map { body.count >= $0 } ?? false
    }

    static func parse(_ bytes: [UInt8]) -> Answer? {
        guard let head = Head(bytes) else { return nil }
        let body = bytes[head.end...]
        if head.isChunked { return decoded(body).map { Answer(status: head.status, body: $0.bytes) } }
        return Answer(status: head.status, body: Array(head.length.map { body.prefix($0) } ?? body))
    }

    /// The bytes of a chunked body, as far as they came; nil when it is none.
    private static func decoded(_ body: ArraySlice<UInt8>) -> (bytes: [UInt8], isWhole: Bool)? {
        var bytes: [UInt8] = []
        var rest = body
        while let end = rest.firstIndex(of: 0x0a) {
            let line = rest[..<end].prefix { $0 != 0x0d && $0 != UInt8(ascii: ";") }
            let digits = String(decoding: line, as: UTF8.self).trimmed
            guard let size = Int(digits, radix: 16), size >= 0, size <= limit else { return nil }
            rest = rest[(end + 1)...]
            if size == 0 { return (bytes, true) }
            bytes += rest.prefix(size)
            // The line break behind each chunk.
            guard rest.count >= size + 2 else { return (bytes, false) }
            rest = rest.dropFirst(size + 2)
        }
        return (bytes, false)
    }

    /// The lines before the body.
    private struct Head {
        var status = 0
        var length: Int?
        var isChunked = false
        /// Where the body begins.
        var end = 0

        /// Reads them; nil when they are not whole yet, or no HTTP.
        init?(_ bytes: [UInt8]) {
            var lines: [String] = []
            var start = 0
            while let end = bytes[start...].firstIndex(of: 0x0a) {
                let line = bytes[start..<end].last == 0x0d ? bytes[start..<(end - 1)] : bytes[start..<end]
                start = end + 1
                if line.isEmpty {
                    // An interim answer (100 Continue) is followed by the real one.
                    if lines.first.flatMap(Self.status).map({ $0 < 200 }) ?? false {
                        lines = []
                        continue
                    }
                    self.end = start
                    break
                }
                lines.append(String(decoding: line, as: UTF8.self))
                if lines.count > 1000 { return nil }
            }
            guard end > 0, let first = lines.first, let status = Self.status(first) else { return nil }
            self.status = status
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                let value = String(line[line.index(after: colon)...]).trimmed
                switch line[..<colon].lowercased() {
                case "content-length": length = Int(value)
                case "transfer-encoding": isChunked = value.lowercased().hasSuffix("chunked")
                default: break
                }
            }
            if status == 204 || status == 304 { length = 0 }
        }

        private static func status(_ line: String) -> Int? {
            let words = line.split(separator: " ")
            guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
                (100...599).contains(status)
            else { return nil }
            return status
        }
    }
}

extension String {
    /// Without spaces and tabs at its ends.
    fileprivate var trimmed: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let front = drop(while: isSpace)
        return String(String(front.reversed()).drop(while: isSpace).reversed())
    }
}
