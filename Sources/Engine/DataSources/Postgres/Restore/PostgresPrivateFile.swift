import Glibc
import Platform

/// A file without a name, which only we and the programs that we start can open: it may hold secrets, and a killed run
/// leaves nothing of it.
final class PostgresPrivateFile: Sendable {
    private let descriptor: FileDescriptor

    /// Makes an empty one in a directory, which must exist.
    init(in directory: String) throws(Failure) {
        let path = Array("\(directory)/salvor-\(Host.processID)-\(UInt64.random(in: 0 ... .max))".utf8)
        descriptor = try FileDescriptor(opening: path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
        try FileTree.remove(path)
    }

    /// A path by which a program that we started opens it, as often as it likes.
    var path: String { "/proc/\(Host.processID)/fd/\(descriptor.number)" }

    /// Appends bytes.
    func append(_ bytes: Span<UInt8>) throws(Failure) { try descriptor.write(bytes) }

    /// Puts other bytes in place of all.
    func replace(with bytes: [UInt8]) throws(Failure) {
        try descriptor.truncate(to: 0)
        try descriptor.write(bytes.span, at: 0)
    }
}
