import Platform

/// What one of PostgreSQL's programs wrote to its standard error when it failed.
struct PostgresComplaint {
    private let lines: [Substring]

    /// Takes the text.
    init(_ text: String) { lines = text.split(separator: "\n") }

    /// Takes the bytes.
    init(_ bytes: [UInt8]) { self.init(String(decoding: bytes, as: UTF8.self)) }

    /// libpq's words for a session that is gone, in the language that the programs are started with.
    private static let losses = [
        "server closed the connection", "connection to server", "could not receive data", "could not send data",
        "no connection to the server", "connection has been closed", "terminating connection", "SSL SYSCALL error",
        "lost synchronization with server",
    ]

    /// Whether the program lost the server, and did not fail by itself.
    var connectionLost: Bool { lines.contains { line in Self.losses.contains { line.contains($0) } } }

    /// The first error with the lines that belong to it, without the query that it was about, which may be pages long.
    var words: String {
        let begin = lines.firstIndex { $0.contains(": error: ") } ?? 0
        var words: [Substring] = []
        for line in lines[begin...].prefix(4) {
            if line.contains(": detail: Query was") || line.contains("Command was") { break }
            words.append(line.drop { $0 == "\t" || $0 == " " })
        }
        return words.joined(separator: " / ")
    }

    /// The failure that a person sees; `.unreachable` when the server was lost.
    func failure(_ sentence: String) -> Failure {
        PostgresError(sqlState: "", message: words, connectionLost: connectionLost).failure(sentence)
    }
}
