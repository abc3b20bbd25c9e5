import CLinux
import Glibc

/// Where a program writes: what it was asked for, and everything else.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case errors = 2

    /// Writes all of `bytes`. A reader that went away is a failure whose `systemError` is EPIPE.
    package func write(_ bytes: Span<UInt8>) throws(Failure) {
        do throws(Failure) { try FileDescriptor.write(bytes, to: rawValue) } catch {
            let name = self == .output ? "standard output" : "standard error"
            throw Failure.system("write to", name, errno: error.systemError ?? EIO)
        }
    }

    /// Columns of the terminal behind the stream; nil when it is no terminal.
    package var terminalWidth: Int? {
        let width = linux_terminal_width(rawValue)
        return width > 0 ? Int(width) : nil
    }
}
