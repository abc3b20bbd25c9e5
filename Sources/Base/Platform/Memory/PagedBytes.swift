import CLinux

/// Bytes that grow without being copied, since the kernel moves their pages: for tables whose size nobody knows
/// beforehand.
///
/// Memory counts from when it is written, page by page; a table that grows is never there twice. Pages that hold
/// nothing are given back.
@safe
package struct PagedBytes: ~Copyable, @unchecked Sendable {
    private var memory: UnsafeMutableRawPointer?
    private var reserved = 0
    /// How many bytes are in use, from the first on.
    package private(set) var count = 0

    /// What is reserved at the least: less than this is not worth pages of its own.
    private static let leastReserved = 1 << 16

    /// Makes a table of no bytes, which takes no memory.
    package init() {}

    deinit { _ = unsafe linux_resize_pages(memory, reserved, 0) }

    /// Appends `count` zero bytes.
    package mutating func appendZeros(_ count: Int) {
        precondition(count >= 0)
        self.count += count
        // What is reserved and not written to takes no memory, so there may be plenty.
        if self.count > reserved { resize(to: max(self.count, reserved + reserved / 2, Self.leastReserved)) }
    }

    /// Keeps the first `count` bytes only.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count)
        guard count < self.count else { return }
        self.count = count
        // Given back and taken anew, what lies behind is zeros again.
        let whole = Self.pages(count)
        if whole > count {
            unsafe UnsafeMutableRawBufferPointer(start: memory, count: reserved)[count..<min(whole, reserved)]
                .initializeMemory(as: UInt8.self, repeating: 0)
        }
        resize(to: whole)
    }

    private mutating func resize(to wanted: Int) {
        let size = Self.pages(wanted)
        let moved = unsafe linux_resize_pages(memory, reserved, size)
        precondition(unsafe moved != nil || size == 0, "there is no memory for \(size) bytes more")
        unsafe memory = moved
        reserved = size
    }

    /// In whole pages, of whatever size they are.
    private static func pages(_ count: Int) -> Int { (count + 0xffff) & ~0xffff }

    /// Lends the bytes in use.
    package borrowing func withBytes<Answer>(_ body: (UnsafeRawBufferPointer) throws -> Answer) rethrows -> Answer {
        try unsafe body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    /// Lets `body` change the bytes in use, in place.
    package mutating func change<Answer>(_ body: (UnsafeMutableRawBufferPointer) throws -> Answer) rethrows -> Answer {
        try unsafe body(UnsafeMutableRawBufferPointer(start: memory, count: count))
    }
}
