import Platform

/// Counts rows and adds up a keyed 128-bit hash of each, modulo 2^128: equal for the same rows in any order.
///
/// The hash is SipHash-2-4 with 16 bytes of output, under a key of the repository, so that nobody who writes rows can
/// make two sets of them look alike. Sums of parts add up to the sum of the whole. It is a sum and no XOR: two equal
/// rows would cancel each other out. Used by one thread; nothing is allocated for a row.
package struct RowHash: Sendable {
    /// How many rows were added.
    package private(set) var count: UInt64 = 0
    /// The sum of the rows' hashes.
    package private(set) var sum: UInt128 = 0

    private let hash: SipHash

    /// How many bytes a key has.
    package static let keyBytes = SipHash.keyBytes

    /// Starts at zero rows. `key` holds `keyBytes` bytes.
    package init(key: [UInt8]) {
        precondition(key.count == Self.keyBytes, "a key for row hashes has 16 bytes")
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        hash = SipHash(word(key[..<8]), word(key[8...]))
    }

    /// Adds one row.
    package mutating func add(_ row: Span<UInt8>) {
        unsafe row.withUnsafeBufferPointer { _ = unsafe add(UnsafeRawBufferPointer($0)) }
    }

    /// Adds one row whose bytes the caller keeps alive during the call; answers half of its hash.
    @discardableResult
    package mutating func add(_ row: UnsafeRawBufferPointer) -> UInt64 {
        let hash = unsafe hash.hash(row)
        count += 1
        sum &+= hash
        return UInt64(truncatingIfNeeded: hash >> 64)
    }

    /// Adds two rows at once, which takes less than twice one row; answers half of the hash of each.
    package mutating func add(
        _ row: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer
    ) -> (one: UInt64, other: UInt64) {
        let hashes = unsafe hash.hash(row, other)
        count += 2
        sum &+= hashes.one &+ hashes.other
        return (UInt64(truncatingIfNeeded: hashes.one >> 64), UInt64(truncatingIfNeeded: hashes.other >> 64))
    }

    /// Adds what another hash under the same key has counted.
    package mutating func add(count: UInt64, sum: UInt128) {
        self.count += count
        self.sum &+= sum
    }
}
