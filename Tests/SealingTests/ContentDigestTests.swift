import Platform
import Sealing
import TestDoubles
import Testing

@Suite("SHA-256 of chunks and their content at once")
struct ContentDigestTests {
    /// Both ways where this processor has both.
    private static let ways = ContentDigest.hasInstructions ? [true, false] : [false]

    @Test("Chunks of every length and the content they make up have libcrypto's digests", arguments: ways)
    func everyLength(isInStep: Bool) {
        let bytes = SeededRandomness(seed: 1).bytes(400)
        let digest = ContentDigest(isInStep: isInStep)
        for first in 0...200 {
            for second in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 191] {
                let one = Array(bytes[..<first])
                let other = Array(bytes[first..<first + second])
                #expect(digest.add(one.span) == Digest.sha256(one.span), "\(first) bytes first")
                #expect(digest.add(other.span) == Digest.sha256(other.span), "\(second) bytes behind \(first)")
                #expect(digest.finish() == Digest.sha256((one + other).span), "\(first) and \(second) bytes")
            }
        }
    }

    @Test("Contents cut anywhere have libcrypto's digests, holes and all", arguments: ways)
    func cutAnywhere(isInStep: Bool) {
        let random = SeededRandomness(seed: 7)
        let digest = ContentDigest(isInStep: isInStep)
        for round in 0..<200 {
            var content: [UInt8] = []
            for _ in 0..<random.next(below: 13) {
                let piece = random.bytes(random.next(below: 5000))
                content += piece
                if random.next(below: 2) == 0 {
                    #expect(digest.add(piece.span) == Digest.sha256(piece.span), "round \(round)")
                } else {
                    digest.skip(piece.span)
                }
            }
            #expect(digest.finish() == Digest.sha256(content.span), "round \(round), \(content.count) bytes")
        }
    }

    @Test("A chunk alone is no part of the content, and a restart forgets the content", arguments: ways)
    func aloneAndRestart(isInStep: Bool) {
        let bytes = SeededRandomness(seed: 3).bytes(1000)
        let digest = ContentDigest(isInStep: isInStep)
        #expect(digest.alone(bytes.span) == Digest.sha256(bytes.span))
        #expect(digest.finish() == Digest.sha256([UInt8]().span))
        _ = digest.add(bytes.span)
        digest.restart()
        _ = digest.add(bytes.span.extracting(first: 70))
        #expect(digest.finish() == Digest.sha256(bytes.span.extracting(first: 70)))
    }
}
