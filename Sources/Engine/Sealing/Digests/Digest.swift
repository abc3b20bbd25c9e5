import COpenSSL
import Platform

/// SHA-256 (FIPS 180-4) of bytes that come in pieces; used by one thread, any number of times.
@safe
package final class Digest {
    /// Bytes in a digest.
    package static let length = 32

    private let context: OpaquePointer
    /// Looked up once: a look-up in libcrypto takes longer than hashing a short row of bytes.
    private nonisolated(unsafe) static let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)

    /// Begins a digest of nothing.
    package init() {
        guard let made = unsafe EVP_MD_CTX_new() else { preconditionFailure("libcrypto has no memory") }
        unsafe context = made
        begin()
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    private func begin() {
        let code = unsafe EVP_DigestInit_ex(context, Self.algorithm, nil)
        precondition(code == 1, "libcrypto has no SHA-256")
    }

    /// Forgets everything taken in. Call it before a run of bytes when the run before may have ended in a failure: what
    /// it left behind would make the next digest a wrong one.
    package func restart() { begin() }

    /// Takes more bytes in.
    package func update(_ bytes: Span<UInt8>) {
        let code = unsafe bytes.withUnsafeBufferPointer { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(code == 1, "libcrypto cannot hash")
    }

    /// The digest of everything taken in; the next bytes begin a new one.
    package func finish() -> [UInt8] {
        let digest = unsafe [UInt8](unsafeUninitializedCapacity: Self.length) { buffer, used in
            var length: UInt32 = 0
            let code = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, &length)
            precondition(code == 1 && length == 32, "libcrypto cannot hash")
            used = Self.length
        }
        begin()
        return digest
    }

    /// The digest of some bytes.
    package static func sha256(_ bytes: Span<UInt8>) -> [UInt8] {
        let digest = Digest()
        digest.update(bytes)
        return digest.finish()
    }
}
