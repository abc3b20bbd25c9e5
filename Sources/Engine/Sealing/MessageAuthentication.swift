import COpenSSL
import Platform

/// HMAC-SHA-256 (RFC 2104) under one key; used by one thread, any number of times.
@safe
package final class MessageAuthentication {
    private let context: OpaquePointer

    /// Takes the key in.
    package init(key: SecretBytes) {
        let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
        guard let made = unsafe EVP_MAC_CTX_new(algorithm) else { preconditionFailure("libcrypto has no HMAC") }
        unsafe EVP_MAC_free(algorithm)
        unsafe context = made
        let code = unsafe key.withBytes { key in
            let digestName = CString("SHA256")
            var parameters = unsafe [
                OSSL_PARAM_construct_utf8_string(
                    OSSL_MAC_PARAM_DIGEST, UnsafeMutablePointer(mutating: digestName.pointer), 0),
                OSSL_PARAM_construct_end(),
            ]
            return unsafe EVP_MAC_init(context, key.bindMemory(to: UInt8.self).baseAddress, key.count, &parameters)
        }
        precondition(code == 1, "libcrypto has no HMAC-SHA-256")
    }

    deinit { unsafe EVP_MAC_CTX_free(context) }

    /// The code of `first` ‖ `second`, 32 bytes.
    package func code(_ first: UInt8?, _ second: Span<UInt8>) -> [UInt8] {
        var length = 0
        return unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, used in
            var good = unsafe EVP_MAC_init(context, nil, 0, nil) == 1
            if var byte = first { good = unsafe good && EVP_MAC_update(context, &byte, 1) == 1 }
            good =
                unsafe good
                && second.withUnsafeBufferPointer { unsafe EVP_MAC_update(context, $0.baseAddress, $0.count) } == 1
            good = unsafe good && EVP_MAC_final(context, buffer.baseAddress, &length, 32) == 1
            precondition(good && length == 32, "libcrypto cannot authenticate")
            used = 32
        }
    }
}
