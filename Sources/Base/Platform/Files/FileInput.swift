import Glibc

/// A file, or whatever has a path, read from its beginning.
package final class FileInput: ByteInput {
    private let file: FileDescriptor

    /// Opens it; a FIFO is waited for.
    package init(_ path: [UInt8]) throws(Failure) { file = try FileDescriptor(opening: path, O_RDONLY) }

    package func read(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int {
        try Readiness.waitToRead(file.number, idle: idle)
        return try file.read(into: &buffer)
    }
}
