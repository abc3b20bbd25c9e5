/// Reads one answer of HTTP/1.1 (RFC 9112) as its bytes come, each of them once. What is longer than it may be, or is
/// no HTTP, is a problem; so is an answer that ends before it says that it would.
struct HTTPAnswerReader {
    private(set) var status = 0
    private(set) var body: [UInt8] = []
    /// Whether the answer is there to its end.
    private(set) var isWhole = false
    /// What is wrong with it, in words that go on after the address; nil so far.
    private(set) var problem: String?

    private enum Place {
        case head
        case body(left: Int)
        case bodyToTheEnd
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailer
    }

    private var place = Place.head
    private var line: [UInt8] = []
    private var lines: [String] = []

    /// The longest line, the largest number of lines, the largest body.
    private static let lineMax = 16 << 10
    private static let linesMax = 1000
    private static let bodyMax = 8 << 20

    /// Takes the next bytes.
    mutating func take(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, !isWhole, problem == nil {
            switch place {
            case .body(let left):
                let count = min(left, rest.count)
                keep(rest.prefix(count))
                rest = rest.dropFirst(count)
                place = .body(left: left - count)
                isWhole = left == count
            case .chunk(let left):
                let count = min(left, rest.count)
                keep(rest.prefix(count))
                rest = rest.dropFirst(count)
                place = left == count ? .chunkEnd : .chunk(left: left - count)
            case .bodyToTheEnd:
                keep(rest)
                rest = []
            case .head, .chunkSize, .chunkEnd, .trailer: takeLine(&rest)
            }
        }
    }

    /// No more comes.
    mutating func end() {
        guard !isWhole, problem == nil else { return }
        if case .bodyToTheEnd = place { isWhole = true } else { problem = "ended before its answer was whole" }
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard body.count + bytes.count <= Self.bodyMax else {
            problem = "answers more than 8 MiB"
            return
        }
        body += bytes
    }

    private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) {
        guard let end = rest.firstIndex(of: 0x0a) else {
            line += rest
            rest = []
            if line.count > Self.lineMax { problem = "answers no HTTP" }
            return
        }
        line += rest[..<end]
        rest = rest[(end + 1)...]
        if line.last == 0x0d { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self)
        line = []
        switch place {
        case .head: takeHead(text)
        case .chunkSize: takeChunkSize(text)
        case .chunkEnd: if text.isEmpty { place = .chunkSize } else { problem = "answers a chunk that does not end" }
        case .trailer: isWhole = text.isEmpty
        case .body, .chunk, .bodyToTheEnd: break
        }
    }

    private mutating func takeChunkSize(_ text: String) {
        let digits = text.prefix { $0 != ";" && $0 != " " && $0 != "\t" }
        guard !digits.isEmpty, digits.utf8.allSatisfy(Self.isHexadecimal), let size = Int(digits, radix: 16) else {
            problem = "answers a chunk without a length"
            return
        }
        place = size == 0 ? .trailer : .chunk(left: size)
    }

    private mutating func takeHead(_ text: String) {
        guard text.isEmpty else {
            lines.append(text)
            if lines.count > Self.linesMax || Self.status(lines[0]) == nil { problem = "answers no HTTP" }
            return
        }
        guard let first = lines.first, let status = Self.status(first) else {
            problem = "answers no HTTP"
            return
        }
        defer { lines = [] }
        // An interim answer (100 Continue) is followed by the real one.
        guard status >= 200 else { return }
        self.status = status
        takeFields(lines.dropFirst())
    }

    /// Finds out how long the body is.
    private mutating func takeFields(_ fields: ArraySlice<String>) {
        var length: Int?
        var isChunked = false
        for field in fields {
            guard let colon = field.firstIndex(of: ":") else { continue }
            let value = field[field.index(after: colon)...].split { $0 == " " || $0 == "\t" }.joined(separator: " ")
            switch field[..<colon].lowercased() {
            case "content-length":
                let isNumber = !value.isEmpty && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
                guard isNumber, let number = Int(value), length == nil || length == number else {
                    problem = "answers with a length that is none"
                    return
                }
                length = number
            case "transfer-encoding": isChunked = value.lowercased().hasSuffix("chunked")
            default: break
            }
        }
        if isChunked {
            place = .chunkSize
        } else if let length = status == 204 || status == 304 ? 0 : length {
            place = .body(left: length)
            isWhole = length == 0
        } else {
            place = .bodyToTheEnd
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func status(_ line: String) -> Int? {
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
            (100...599).contains(status)
        else { return nil }
        return status
    }
}
