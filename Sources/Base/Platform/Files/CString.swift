/// A NUL-terminated copy of a name, for the time of a system call. Bytes after an embedded NUL are refused.
@safe
package final class CString {
    /// The first byte; valid as long as this object lives.
    package let pointer: UnsafePointer<CChar>

    /// Copies `bytes` and a NUL.
    package init(_ bytes: [UInt8]) {
        precondition(!bytes.contains(0), "a name holds a NUL")
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
        for (index, byte) in bytes.enumerated() { unsafe memory[index] = CChar(bitPattern: byte) }
        unsafe memory[bytes.count] = 0
        unsafe pointer = UnsafePointer(memory)
    }

    /// Copies the UTF-8 of `text` and a NUL.
    package convenience init(_ text: String) { self.init(Array(text.utf8)) }

    deinit { unsafe pointer.deallocate() }
}
