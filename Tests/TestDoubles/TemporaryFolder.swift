import Glibc
import Platform

/// A fresh folder of this process alone, removed with all that is in it when nobody holds it any more.
package final class TemporaryFolder: Sendable {
    /// Where it is, without a slash at its end.
    package let path: String

    /// Makes the folder in $TMPDIR, or in /tmp.
    package init(_ purpose: String = "test") throws {
        let digits = SystemRandomness().bytes(8).map { String($0, radix: 36) }.joined()
        path = "\(Environment.value("TMPDIR") ?? "/tmp")/salvor-\(purpose)-\(Host.processID)-\(digits)"
        try FileTree.makeDirectories(bytes)
    }

    deinit { try? FileTree.remove(bytes) }

    /// The path's bytes.
    package var bytes: [UInt8] { Array(path.utf8) }

    /// The path of something in it, as bytes.
    package func path(_ name: String) -> [UInt8] { Array("\(path)/\(name)".utf8) }

    /// Writes a file in it, and the folders on the way; answers its path.
    @discardableResult
    package func write(_ name: String, _ content: [UInt8]) throws -> [UInt8] {
        let path = path(name)
        if let slash = path.lastIndex(of: UInt8(ascii: "/")) { try FileTree.makeDirectories(Array(path[..<slash])) }
        let file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try file.write(content.span)
        return path
    }

    /// Writes a text file in it.
    @discardableResult
    package func write(_ name: String, text: String) throws -> [UInt8] { try write(name, Array(text.utf8)) }
}
