import COpenSSL
import Platform
import TestDoubles
import Testing

@testable import Sealing

@Suite("The hash of rows")
struct RowHashTests {
    private let key = Array<UInt8>(0..<16)

    @Test("one row has the SipHash-2-4-128 of the reference implementation")
    func matchesReference() throws {
        var hash = RowHash(key: key)
        let nothing: [UInt8] = []
        hash.add(nothing.span)
        // The first vector of vectors.h (vectors_sip128) of the authors' implementation: the empty message.
        #expect(
            bytes(hash.sum) == [
                0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93,
            ])
        var other = RowHash(key: key)
        let zero: [UInt8] = [0]
        other.add(zero.span)
        #expect(
            bytes(other.sum) == [
                0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45,
            ])
    }

    @Test("rows of every length have the hash that libcrypto gives them, under any key")
    func matchesLibcrypto() throws {
        let random = SeededRandomness(seed: 7)
        for length in 0..<300 {
            let key = random.bytes(16)
            let row = random.bytes(length)
            var hash = RowHash(key: key)
            hash.add(row.span)
            #expect(bytes(hash.sum) == libcrypto(row, key), "\(length)")
        }
    }

    /// SipHash-2-4 with 16 bytes of output as libcrypto has it.
    private func libcrypto(_ row: [UInt8], _ key: [UInt8]) -> [UInt8] {
        guard let algorithm = unsafe EVP_MAC_fetch(nil, "SIPHASH", nil) else { return [] }
        defer { unsafe EVP_MAC_free(algorithm) }
        guard let context = unsafe EVP_MAC_CTX_new(algorithm) else { return [] }
        defer { unsafe EVP_MAC_CTX_free(context) }
        var (digest, length) = ([UInt8](repeating: 0, count: 16), 0)
        let isDone =
            unsafe EVP_MAC_init(context, key, key.count, nil) == 1
            && EVP_MAC_update(context, row, row.count) == 1
            && EVP_MAC_final(context, &digest, &length, digest.count) == 1
        return isDone ? digest : []
    }

    @Test("two rows hashed at once have the hashes that each has alone, whatever their lengths")
    func pairs() throws {
        let random = SeededRandomness(seed: 8)
        for length in 0..<40 {
            for otherLength in 0..<40 {
                let (row, other) = (random.bytes(length), random.bytes(otherLength))
                var (one, two, both) = (RowHash(key: key), RowHash(key: key), RowHash(key: key))
                let halves = unsafe row.withUnsafeBytes { row in
                    unsafe other.withUnsafeBytes { other in
                        unsafe ([one.add(row), two.add(other)], both.add(row, other))
                    }
                }
                #expect(halves.0 == [halves.1.one, halves.1.other], "\(length) \(otherLength)")
                #expect(both.sum == one.sum &+ two.sum && both.count == 2, "\(length) \(otherLength)")
            }
        }
    }

    @Test("the order of rows does not matter, a row given twice does")
    func ordersAndPairs() throws {
        let rows: [[UInt8]] = [[1, 2, 3], [], [4], [1, 2, 3]]
        var forward = RowHash(key: key)
        var backward = RowHash(key: key)
        var once = RowHash(key: key)
        for row in rows { forward.add(row.span) }
        for row in rows.reversed() { backward.add(row.span) }
        for row in rows.dropLast() { once.add(row.span) }
        #expect(forward.sum == backward.sum && forward.count == 4)
        #expect(forward.sum != once.sum)
        var parts = RowHash(key: key)
        parts.add(count: once.count, sum: once.sum)
        let last = rows[3]
        parts.add(last.span)
        #expect(parts.sum == forward.sum && parts.count == forward.count)
    }

    @Test("another key gives another sum")
    func dependsOnKey() throws {
        var one = RowHash(key: key)
        var two = RowHash(key: Array(1...16))
        let row: [UInt8] = [7]
        one.add(row.span)
        two.add(row.span)
        #expect(one.sum != two.sum)
    }

    private func bytes(_ sum: UInt128) -> [UInt8] { (0..<16).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) } }
}
