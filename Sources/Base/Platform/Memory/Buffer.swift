/// Owned bytes of a fixed capacity, moved and never copied by accident.
///
/// `count` bytes are in use. The memory is not cleared when it is allocated; only bytes that were written count.
@safe
package struct Buffer: ~Copyable, @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer
    /// How many bytes may be in use.
    private var limit: Int
    /// How many bytes are in use, from the first on.
    package private(set) var count = 0

    /// Allocates `capacity` bytes, aligned to 64.
    package init(capacity: Int) {
        precondition(capacity >= 0)
        unsafe memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(capacity, 1), alignment: 64)
        limit = unsafe memory.count
    }

    /// Allocates a copy of `bytes`.
    package init(_ bytes: Span<UInt8>) {
        self.init(capacity: bytes.count)
        append(bytes)
    }

    deinit { unsafe memory.deallocate() }

    /// How many bytes fit.
    package var capacity: Int { unsafe memory.count }
    /// How many more bytes fit.
    package var room: Int { limit - count }
    /// Whether no byte is in use.
    package var isEmpty: Bool { count == 0 }

    /// The bytes in use.
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let pointer = unsafe UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped).assumingMemoryBound(
                to: UInt8.self)
            let span = unsafe Span<UInt8>(_unsafeStart: pointer, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Lends the bytes in use: for buffers that are stored in a class, whose `bytes` could not outlive the access.
    package borrowing func withBytes<Answer>(_ body: (Span<UInt8>) throws -> Answer) rethrows -> Answer {
        try body(bytes)
    }

    /// Forgets the bytes; the memory stays.
    package mutating func clear() { count = 0 }

    /// Lets no more than `bytes` be in use from now on, the capacity at most: what is worked on in small pieces stays
    /// in the processor's caches. Bytes that are in use stay.
    package mutating func confine(to bytes: Int) { limit = max(count, min(bytes, capacity)) }

    /// Keeps the first `count` bytes only.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count)
        self.count = count
    }

    /// Appends `bytes`; traps when they do not fit.
    package mutating func append(_ bytes: Span<UInt8>) {
        precondition(bytes.count <= room, "buffer overflow")
        guard bytes.count > 0 else { return }
        let target = unsafe memory.baseAddress.unsafelyUnwrapped + count
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe target.copyMemory(from: source.baseAddress.unsafelyUnwrapped, byteCount: source.count)
        }
        count += bytes.count
    }

    /// Appends one byte; traps when it does not fit.
    package mutating func append(_ byte: UInt8) {
        precondition(room > 0, "buffer overflow")
        unsafe memory[count] = byte
        count += 1
    }

    /// Appends `count` zero bytes.
    package mutating func appendZeros(_ count: Int) {
        precondition(count >= 0 && count <= room, "buffer overflow")
        unsafe memory[self.count..<self.count + count].initializeMemory(as: UInt8.self, repeating: 0)
        self.count += count
    }

    /// Drops the first `count` bytes and moves the rest to the front.
    package mutating func removeFirst(_ count: Int) {
        precondition(count >= 0 && count <= self.count)
        let rest = self.count - count
        if count > 0, rest > 0 {
            let base = unsafe memory.baseAddress.unsafelyUnwrapped
            unsafe base.copyMemory(from: base + count, byteCount: rest)
        }
        self.count = rest
    }

    /// Lets `body` write into the free room; it answers how many bytes it wrote.
    package mutating func fill(_ body: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> Int {
        let free = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count..<limit])
        let written = try unsafe body(free)
        precondition(written >= 0 && written <= room)
        count += written
        return written
    }

    /// Lets `body` change the bytes in use, in place.
    package mutating func change<Answer>(_ body: (UnsafeMutableRawBufferPointer) throws -> Answer) rethrows -> Answer {
        try unsafe body(UnsafeMutableRawBufferPointer(rebasing: memory[..<count]))
    }

    /// A copy of the bytes in use.
    package func array() -> [UInt8] { Array(bytes) }
}

extension Array where Element == UInt8 {
    /// Copies the bytes of a span.
    package init(_ span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Appends the bytes of a span.
    package mutating func append(_ span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
