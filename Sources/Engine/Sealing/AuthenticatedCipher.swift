import COpenSSL
import Platform

/// AES-256-GCM (NIST SP 800-38D) under one key, with numbered messages; used by one thread.
///
/// The nonce is eight zero bytes and the ordinal (u32, big-endian). A key seals each ordinal at most once: the caller
/// sees to that.
@safe
package final class AuthenticatedCipher {
    /// Bytes that sealing adds.
    package static let tagLength = 16

    private let context: OpaquePointer
    private let key: SecretBytes

    /// Takes a key of 32 bytes.
    package init(key: SecretBytes) {
        precondition(key.count == 32)
        self.key = key
        guard let made = unsafe EVP_CIPHER_CTX_new() else { preconditionFailure("libcrypto has no memory") }
        unsafe context = made
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// Appends the ciphertext and the tag of `plain` to `output`, which must have room for 16 bytes more than `plain`.
    package func seal(_ plain: Span<UInt8>, ordinal: UInt32, additional: [UInt8], into output: inout Buffer) {
        precondition(output.room >= plain.count + Self.tagLength)
        start(ordinal, encrypting: true, additional)
        _ = unsafe output.fill { room in
            let target = unsafe room.bindMemory(to: UInt8.self).baseAddress.unsafelyUnwrapped
            var length: Int32 = 0
            var good = unsafe plain.withUnsafeBufferPointer { source in
                unsafe source.count == 0
                    || EVP_EncryptUpdate(context, target, &length, source.baseAddress, Int32(source.count)) == 1
            }
            var rest: Int32 = 0
            good = unsafe good && EVP_EncryptFinal_ex(context, target + Int(length), &rest) == 1
            good = unsafe good && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, target + plain.count) == 1
            precondition(good && Int(length + rest) == plain.count, "libcrypto cannot encrypt")
            return plain.count + Self.tagLength
        }
    }

    /// Appends the plain bytes of a sealed message to `output`. Answers false, with nothing appended, when the message
    /// is not authentic.
    package func open(_ sealed: Span<UInt8>, ordinal: UInt32, additional: [UInt8], into output: inout Buffer) -> Bool {
        let count = sealed.count - Self.tagLength
        guard count >= 0 else { return false }
        precondition(output.room >= count)
        start(ordinal, encrypting: false, additional)
        var authentic = false
        _ = unsafe output.fill { room in
            let target = unsafe room.bindMemory(to: UInt8.self).baseAddress.unsafelyUnwrapped
            var length: Int32 = 0
            authentic = unsafe sealed.withUnsafeBufferPointer { source in
                let base = unsafe source.baseAddress.unsafelyUnwrapped
                var good = unsafe count == 0 || EVP_DecryptUpdate(context, target, &length, base, Int32(count)) == 1
                good =
                    unsafe good
                    && EVP_CIPHER_CTX_ctrl(
                        context, EVP_CTRL_GCM_SET_TAG, 16, UnsafeMutablePointer(mutating: base + count)) == 1
                var rest: Int32 = 0
                return unsafe good && EVP_DecryptFinal_ex(context, target + Int(length), &rest) == 1
            }
            return authentic ? count : 0
        }
        return authentic
    }

    private func start(_ ordinal: UInt32, encrypting: Bool, _ additional: [UInt8]) {
        var nonce = [UInt8](repeating: 0, count: 12)
        for index in 0..<4 { nonce[8 + index] = UInt8(truncatingIfNeeded: ordinal >> (24 - 8 * UInt32(index))) }
        var length: Int32 = 0
        let good = unsafe key.withBytes { key in
            unsafe EVP_CipherInit_ex(
                context, EVP_aes_256_gcm(), nil, key.bindMemory(to: UInt8.self).baseAddress, nonce, encrypting ? 1 : 0)
                == 1
                && EVP_CipherUpdate(context, nil, &length, additional, Int32(additional.count)) == 1
        }
        precondition(good, "libcrypto has no AES-256-GCM")
    }
}
