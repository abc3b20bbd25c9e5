import Platform
import Sealing
import TestDoubles
import Testing

@Suite("SHA-256 of two runs of bytes at once")
struct PairDigestTests {
    /// Both ways where this processor has both.
    private static let ways = ContentDigest.hasInstructions ? [true, false] : [false]

    @Test("Two of any lengths have libcrypto's digests, each its own", arguments: ways)
    func everyLength(isInStep: Bool) {
        let bytes = SeededRandomness(seed: 1).bytes(600)
        let digest = PairDigest(isInStep: isInStep)
        for first in 0...200 {
            for second in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 129, 191, 320] {
                let one = Array(bytes[..<first])
                let other = Array(bytes[(600 - second)...])
                let both = digest.digests(one.span, other.span)
                #expect(both.one == Digest.sha256(one.span), "\(first) bytes beside \(second)")
                #expect(both.other == Digest.sha256(other.span), "\(second) bytes beside \(first)")
            }
            let alone = bytes.span.extracting(first: first)
            #expect(digest.alone(alone) == Digest.sha256(alone))
        }
    }

    @Test("Long ones too, of equal and of very different lengths", arguments: ways)
    func long(isInStep: Bool) {
        let random = SeededRandomness(seed: 9)
        let digest = PairDigest(isInStep: isInStep)
        for (first, second) in [(1 << 20, 1 << 20), (3, 1 << 20), (1 << 20, 77), (500_001, 499_999)] {
            let (one, other) = (random.bytes(first), random.bytes(second))
            let both = digest.digests(one.span, other.span)
            #expect(both.one == Digest.sha256(one.span) && both.other == Digest.sha256(other.span))
        }
    }
}
