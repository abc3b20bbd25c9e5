import CLinux
import Glibc

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
