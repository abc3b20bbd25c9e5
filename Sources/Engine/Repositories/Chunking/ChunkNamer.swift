import Platform
import Sealing

/// Names chunks: SHA-256, then HMAC under the `id` key. Used by one thread.
package final class ChunkNamer {
    private let authentication: MessageAuthentication
    private let digest = Digest()

    init(key: SecretBytes) { authentication = MessageAuthentication(key: key) }

    /// The id of a chunk whose plain SHA-256 is known.
    package func name(_ kind: ChunkKind, digest: [UInt8]) -> ChunkID {
        ChunkID(authentication.code(kind.rawValue, digest.span))
    }

    /// The id of a chunk, and its plain SHA-256.
    package func name(_ kind: ChunkKind, _ bytes: Span<UInt8>) -> (id: ChunkID, digest: [UInt8]) {
        digest.update(bytes)
        let plain = digest.finish()
        return (name(kind, digest: plain), plain)
    }
}
