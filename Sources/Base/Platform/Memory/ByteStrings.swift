import Glibc

/// Many byte strings in one run of memory, for lists that are too long for an array of arrays.
///
/// A string takes its bytes and six more. One thread at a time may change the list; any thread may read it then.
@safe
package final class ByteStrings: @unchecked Sendable {
    /// Each string's length in two bytes, then its bytes. Grown by `realloc`, which moves pages and does not copy them.
    private var text: UnsafeMutablePointer<UInt8>?
    private var used = 0
    private var capacity = 0
    /// Where each string begins, in order.
    private var offsets: [UInt32] = []

    /// The longest string that fits.
    package static let lengthMax = Int(UInt16.max)

    /// Makes an empty list.
    package init() {}

    deinit { unsafe free(text) }

    /// How many strings there are.
    package var count: Int { offsets.count }

    /// Appends a string of at most `lengthMax` bytes.
    package func append(_ bytes: [UInt8]) throws(Failure) {
        precondition(bytes.count <= Self.lengthMax)
        guard let offset = UInt32(exactly: used) else { throw Failure(.failed, "a list holds 4 GiB of names") }
        let needed = used + 2 + bytes.count
        if needed > capacity {
            let wanted = max(4096, capacity * 2, needed)
            guard let grown = unsafe realloc(text, wanted) else { throw Failure.system("remember", "a list of names") }
            unsafe text = grown.assumingMemoryBound(to: UInt8.self)
            capacity = wanted
        }
        let start = unsafe text.unsafelyUnwrapped + used
        unsafe start[0] = UInt8(truncatingIfNeeded: bytes.count)
        unsafe start[1] = UInt8(truncatingIfNeeded: bytes.count >> 8)
        unsafe bytes.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { unsafe memcpy(start + 2, base, source.count) }
        }
        used = needed
        offsets.append(offset)
    }

    /// Puts the strings in ascending order of their bytes, and keeps one of those that are equal.
    package func sort() {
        offsets.sort { precedes($0, $1) }
        var kept: [UInt32] = []
        kept.reserveCapacity(offsets.count)
        for offset in offsets {
            if let last = kept.last, !precedes(last, offset) { continue }
            kept.append(offset)
        }
        offsets = kept
    }

    /// The bytes of one string.
    package subscript(index: Int) -> [UInt8] {
        let string = unsafe self.string(offsets[index])
        return unsafe Array(string)
    }

    /// How long a string is.
    package func length(at index: Int) -> Int { unsafe string(offsets[index]).count }

    /// One byte of a string.
    package func byte(_ position: Int, at index: Int) -> UInt8 { unsafe string(offsets[index])[position] }

    /// Whether the first `length` bytes of two strings are there in both, and the same.
    package func agree(_ one: Int, _ other: Int, first length: Int) -> Bool {
        let left = unsafe string(offsets[one])
        let right = unsafe string(offsets[other])
        guard left.count >= length, right.count >= length else { return false }
        return unsafe compare(left, right, first: length) == 0
    }

    private func string(_ offset: UInt32) -> UnsafeBufferPointer<UInt8> {
        guard let text = unsafe text else { preconditionFailure("an empty list has no strings") }
        let start = unsafe text + Int(offset)
        let length = unsafe Int(start[0]) | Int(start[1]) << 8
        return unsafe UnsafeBufferPointer(start: start + 2, count: length)
    }

    private func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
        let left = unsafe string(one)
        let right = unsafe string(other)
        let order = unsafe compare(left, right, first: min(left.count, right.count))
        return order != 0 ? order < 0 : left.count < right.count
    }

    private func compare(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, first length: Int
    ) -> Int32 {
        guard length > 0, let one = left.baseAddress, let other = right.baseAddress else { return 0 }
        return unsafe memcmp(one, other, length)
    }
}
