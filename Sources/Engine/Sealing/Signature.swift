import COpenSSL
import Platform

/// Ed25519 signatures (RFC 8032).
package enum Signature {
    /// Bytes in a signature.
    package static let length = 64

    /// The public key of a private one (its seed of 32 bytes).
    package static func publicKey(of privateKey: SecretBytes) -> [UInt8] {
        unsafe withPrivateKey(privateKey) { key in
            var length = 32
            return unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, used in
                let code = unsafe EVP_PKEY_get_raw_public_key(key, buffer.baseAddress, &length)
                precondition(code == 1 && length == 32, "libcrypto has no Ed25519")
                used = 32
            }
        }
    }

    /// The signature of a message.
    package static func sign(_ message: [UInt8], with privateKey: SecretBytes) -> [UInt8] {
        unsafe withPrivateKey(privateKey) { key in
            let context = unsafe EVP_MD_CTX_new()
            defer { unsafe EVP_MD_CTX_free(context) }
            var length = Self.length
            return unsafe [UInt8](unsafeUninitializedCapacity: Self.length) { buffer, used in
                let good =
                    unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1
                    && EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) == 1
                precondition(good && length == Self.length, "libcrypto cannot sign")
                used = Self.length
            }
        }
    }

    /// Whether a signature of a message is genuine.
    package static func verify(_ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == length, publicKey.count == 32,
            let key = unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, 32)
        else { return false }
        defer { unsafe EVP_PKEY_free(key) }
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        return unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static func withPrivateKey<Answer>(_ privateKey: SecretBytes, _ body: (OpaquePointer) -> Answer) -> Answer {
        let key = unsafe privateKey.withBytes {
            unsafe EVP_PKEY_new_raw_private_key(
                EVP_PKEY_ED25519, nil, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)
        }
        guard let key = unsafe key else { preconditionFailure("libcrypto has no Ed25519") }
        defer { unsafe EVP_PKEY_free(key) }
        return unsafe body(key)
    }
}
