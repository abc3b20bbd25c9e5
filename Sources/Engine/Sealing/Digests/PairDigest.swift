import Platform

/// SHA-256 of two runs of bytes at once, such as two chunks; used by one thread, any number of times.
///
/// A processor with instructions for SHA-256 takes both in within little more than the time of the longer one. Where it
/// has none libcrypto takes one after the other.
package final class PairDigest {
    private let plain = Digest()
    private let isInStep: Bool

    /// Where `isInStep` is false libcrypto does everything; it may be true only where this processor has the
    /// instructions (`ContentDigest.hasInstructions`).
    package init(isInStep: Bool = ContentDigest.hasInstructions) {
        precondition(
            !isInStep || ContentDigest.hasInstructions, "this processor has no instructions for SHA-256")
        self.isInStep = isInStep
    }

    /// The digests of both.
    package func digests(_ one: Span<UInt8>, _ other: Span<UInt8>) -> (one: [UInt8], other: [UInt8]) {
        guard isInStep else { return (alone(one), alone(other)) }
        var first = DigestState()
        var second = DigestState()
        unsafe one.withUnsafeBufferPointer { ones in
            unsafe other.withUnsafeBufferPointer { others in
                unsafe first.add(UnsafeRawBufferPointer(ones), inStepWith: &second, UnsafeRawBufferPointer(others))
            }
        }
        return (first.finish(), second.finish())
    }

    /// The digest of one alone.
    package func alone(_ bytes: Span<UInt8>) -> [UInt8] {
        plain.update(bytes)
        return plain.finish()
    }
}
