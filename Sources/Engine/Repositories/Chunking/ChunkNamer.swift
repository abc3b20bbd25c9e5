import Platform
import Sealing

/// Names chunks: SHA-256, then HMAC under the `id` key. Used by one thread.
package final class ChunkNamer {
    private let authentication: MessageAuthentication
    private let digest = PairDigest()

    init(key: SecretBytes) { authentication = MessageAuthentication(key: key) }

    /// The id of a chunk whose plain SHA-256 is known.
    package func name(_ kind: ChunkKind, digest: [UInt8]) -> ChunkID {
        ChunkID(authentication.code(kind.rawValue, digest.span))
    }

    /// The id of a chunk, and its plain SHA-256.
    package func name(_ kind: ChunkKind, _ bytes: Span<UInt8>) -> (id: ChunkID, digest: [UInt8]) {
        let plain = digest.alone(bytes)
        return (name(kind, digest: plain), plain)
    }

    /// The ids of two chunks of one kind, and their plain SHA-256, in less time than one after the other.
    package func names(
        _ kind: ChunkKind, _ one: Span<UInt8>, _ other: Span<UInt8>
    ) -> (one: (id: ChunkID, digest: [UInt8]), other: (id: ChunkID, digest: [UInt8])) {
        let plain = digest.digests(one, other)
        return ((name(kind, digest: plain.one), plain.one), (name(kind, digest: plain.other), plain.other))
    }
}
