import Glibc

/// What the process was given to read.
package struct StandardInput: ByteInput {
    /// Makes the value; it has no state.
    package init() {}

    /// Whether a person sits there.
    package static var isTerminal: Bool { isatty(STDIN_FILENO) != 0 }

    package func read(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int {
        try Readiness.waitToRead(STDIN_FILENO, idle: idle)
        do throws(Failure) { return try FileDescriptor.read(from: STDIN_FILENO, into: &buffer) } catch {
            throw Failure.system("read", "standard input", errno: error.systemError ?? EIO)
        }
    }
}
