import Glibc
import Platform

/// A fresh directory for a test, removed with everything in it when nobody holds it any more.
package final class ScratchDirectory: Sendable {
    /// Its path, without a slash at the end. It is short: socket paths have room for 107 bytes.
    package let path: String

    /// Makes a directory that only this user may enter.
    package init(_ label: String = "test") throws {
        var template = Array("/tmp/salvor-\(label)-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure.system("make a directory", "/tmp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { _ = try? FileTree.remove(Array(path.utf8)) }

    /// Gives the directory to a user, whom others' access bits let in.
    package func hand(to user: UInt32, group: UInt32) throws {
        let name = CString(path)
        let done = unsafe chown(name.pointer, user, group) == 0 && chmod(name.pointer, 0o755) == 0
        if !done { throw Failure.system("give away", path) }
    }
}
