import Formats
import Platform
import TestDoubles

/// A server that watches timers, on this machine: a program of its own, which ends with this object.
final class Watcher {
    /// What it was told, in order.
    struct Request {
        var path: String
        var body: String

        /// The path without its query.
        var place: String { String(path.prefix { $0 != "?" }) }
        /// What pairs the end of a run with its beginning.
        var run: String? { path.firstRange(of: "rid=").map { String(path[$0.upperBound...]) } }
    }

    private let folder: TemporaryFolder
    private let process: ChildProcess
    let port: String

    init(_ behaviour: String = "ok", certificate: String? = nil) throws {
        folder = try TemporaryFolder("watcher")
        let here = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let words = ["/usr/bin/python3", "-B", "/\(here)/watcher.py", folder.path + "/log", behaviour]
        process = try ChildProcess(
            words + (certificate.map { [$0] } ?? []), environment: ["PATH": "/usr/bin:/bin"], output: .pipe)
        var buffer = Buffer(capacity: 16)
        while buffer.array().last != UInt8(ascii: "\n"), try process.readOutput(into: &buffer) > 0 {}
        port = String(decoding: buffer.array().dropLast(), as: UTF8.self)
    }

    deinit { process.stop() }

    /// Ends the server; nobody listens at its port any more.
    func stop() { process.stop() }

    /// The address of a check, which is a secret.
    func address(_ scheme: String = "http", secret: String = "c0ffee-secret") -> String {
        "\(scheme)://127.0.0.1:\(port)/\(secret)"
    }

    func requests() throws -> [Request] {
        let text = String(decoding: try FileTree.read(folder.path("log"), limit: 1 << 20), as: UTF8.self)
        return try text.split(separator: "\n").map { line in
            let value = try JSONParser.parse(Array(line.utf8))
            return Request(path: value["path"]?.text ?? "", body: value["body"]?.text ?? "")
        }
    }
}
