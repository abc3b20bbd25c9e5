import TestDoubles
import Testing

@testable import Drills

/// Answers of programs that were started on what came back.
struct HTTPAnswerTests {
    /// Reads a text whole, in pieces of every size; the results must be the same.
    private func read(_ text: String, ends: Bool = true) -> (status: Int, body: String, problem: String?) {
        var seen: [(Int, String, String?)] = []
        for size in [1, 2, 3, 7, 1 << 20] {
            var reader = HTTPAnswerReader()
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                reader.take(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            if ends { reader.end() }
            let problem = reader.isWhole ? nil : reader.problem ?? "more is to come"
            seen.append((reader.status, String(decoding: reader.body, as: UTF8.self), problem))
        }
        for other in seen { #expect(other == seen[0], "the pieces make no difference") }
        return seen[0]
    }

    @Test("an answer is read whole: by its length, in chunks, to the end, after an interim one")
    func whole() {
        let answers = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello": "hello",
            "HTTP/1.0 200 OK\n\nhello": "hello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: x\r\n\r\n":
                "hello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:5\r\nContent-Length: 5\r\n\r\nhello":
                "hello",
            "HTTP/1.1 204 No Content\r\n\r\n": "", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n": "",
        ]
        for (text, body) in answers {
            let answer = read(text)
            #expect(answer.body == body && answer.problem == nil, "\(text): \(answer)")
        }
    }

    @Test("an answer that is cut, or none, is a problem and no crash")
    func broken() {
        let texts = [
            "", "hello\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello", "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + String(repeating: "x", count: 9 << 20),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nhel\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhel\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhel\r\n0\r\n\r\n",
            "HTTP/1.1 999 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5", String(repeating: "x", count: 1 << 20),
        ]
        for text in texts where text.utf8.count < 1 << 20 { #expect(read(text).problem != nil, "\(text)") }
        for text in texts where text.utf8.count >= 1 << 20 {
            var reader = HTTPAnswerReader()
            reader.take(Array(text.utf8))
            #expect(reader.problem != nil && !reader.isWhole)
        }
    }

    @Test("no bytes make it crash")
    func fuzz() {
        let sound = Array(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: x\r\n\r\n"
                .utf8)
        let randomness = SeededRandomness(seed: 11)
        for _ in 0..<3000 {
            var bytes = sound
            for _ in 0..<3 {
                let dice = randomness.bytes(3)
                bytes[Int(dice[0]) % bytes.count] = dice[1]
                if dice[2] < 40 { bytes.remove(at: Int(dice[0]) % bytes.count) }
            }
            var reader = HTTPAnswerReader()
            reader.take(bytes)
            reader.end()
            #expect(reader.isWhole || reader.problem != nil)
        }
    }
}
