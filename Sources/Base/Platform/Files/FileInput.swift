import Glibc

/// A file, or whatever has a path, read from its beginning.
package final class FileInput: ByteInput {
    private let file: FileDescriptor

    /// Opens it. A FIFO is opened whether somebody writes into it or not: it is waited for when it is read.
    package init(_ path: [UInt8]) throws(Failure) {
        file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
        _ = fcntl(file.number, F_SETFL, fcntl(file.number, F_GETFL) & ~O_NONBLOCK)
    }

    package func read(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int {
        try Readiness.waitToRead(file.number, idle: idle)
        return try file.read(into: &buffer)
    }
}
