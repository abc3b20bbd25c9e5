import CDigest
import Platform

/// SHA-256 of chunks and at the same time of the content that they make up one behind the other; used by one thread,
/// any number of times.
///
/// The chunk and the content see the same bytes, at different places in their blocks: a processor with instructions for
/// SHA-256 takes them into both in two thirds of the time that one after the other needs. Where it has none, and for
/// one run alone, libcrypto does it. The padding is that of FIPS 180-4 §5.1.1.
package final class ContentDigest {
    private let plain = Digest()
    private let chunks = Digest()
    private let isInStep: Bool
    private var whole = DigestState()

    /// Whether this processor has what two runs in step need.
    package static let hasInstructions = digest_has_instructions() != 0

    /// Begins a content of nothing. Where `isInStep` is false libcrypto does everything; it may be true only where
    /// `hasInstructions` is.
    package init(isInStep: Bool = hasInstructions) {
        precondition(!isInStep || Self.hasInstructions, "this processor has no instructions for SHA-256")
        self.isInStep = isInStep
    }

    /// Forgets the content.
    package func restart() {
        whole = DigestState()
        plain.restart()
    }

    /// Takes the content's next chunk in, and answers the digest of the chunk.
    package func add(_ chunk: Span<UInt8>) -> [UInt8] {
        guard isInStep else {
            plain.update(chunk)
            return alone(chunk)
        }
        var own = DigestState()
        unsafe chunk.withUnsafeBufferPointer { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            unsafe own.add(bytes, inStepWith: &whole, bytes)
        }
        return own.finish()
    }

    /// The digest of a chunk that the content does not take in.
    package func alone(_ chunk: Span<UInt8>) -> [UInt8] {
        chunks.update(chunk)
        return chunks.finish()
    }

    /// Takes bytes in whose own digest nobody wants.
    package func skip(_ bytes: Span<UInt8>) {
        guard isInStep else { return plain.update(bytes) }
        unsafe bytes.withUnsafeBufferPointer { unsafe whole.add(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of the content; the next chunk begins a new one.
    package func finish() -> [UInt8] {
        guard isInStep else { return plain.finish() }
        defer { whole = DigestState() }
        return whole.finish()
    }
}
