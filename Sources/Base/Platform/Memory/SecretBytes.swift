import Glibc

/// Bytes that must not leak: wiped when released, never printed.
@safe
package final class SecretBytes: @unchecked Sendable, CustomStringConvertible {
    private let memory: UnsafeMutableRawBufferPointer

    /// Allocates `count` bytes and lets `body` fill them.
    package init(count: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        unsafe memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
        try unsafe body(memory)
    }

    /// Copies `bytes`; the caller's copy is the caller's to wipe.
    package convenience init(_ bytes: [UInt8]) {
        unsafe self.init(count: bytes.count) { unsafe $0.copyBytes(from: bytes) }
    }

    deinit {
        unsafe explicit_bzero(memory.baseAddress.unsafelyUnwrapped, memory.count)
        unsafe memory.deallocate()
    }

    /// How many bytes there are.
    package var count: Int { unsafe memory.count }

    /// Lends the bytes for the time of `body`.
    package func withBytes<Answer>(_ body: (UnsafeRawBufferPointer) throws -> Answer) rethrows -> Answer {
        try unsafe body(UnsafeRawBufferPointer(memory))
    }

    package var description: String { "secret of \(count) bytes" }
}
