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

/// The terminal that the process belongs to, whatever its standard streams are.
package enum ControllingTerminal {
    /// Asks for a line that is not shown while it is typed; nil when there is no terminal, or the input ended.
    /// A signal ends the question early: ask the `Cancellation` after nil.
    package static func readPassphrase(prompt: String) -> SecretBytes? {
        let text = CString(prompt)
        var line = [CChar](repeating: 0, count: 4096)
        let capacity = line.count
        let length = unsafe linux_read_passphrase(text.pointer, &line, capacity)
        defer { unsafe explicit_bzero(&line, capacity) }
        guard length >= 0 else { return nil }
        return unsafe SecretBytes(count: length) { secret in
            for index in 0..<length { unsafe secret[index] = UInt8(bitPattern: line[index]) }
        }
    }
}
