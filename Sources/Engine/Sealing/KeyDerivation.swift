import COpenSSL
import Platform

/// Keys made from keys (HKDF, RFC 5869) and from passwords (scrypt, RFC 7914).
package enum KeyDerivation {
    /// HKDF with SHA-256: `count` bytes (at most 8,160) from a key, a salt and what they are for.
    package static func derive(_ key: SecretBytes, salt: [UInt8], info: [UInt8], count: Int) -> SecretBytes {
        unsafe SecretBytes(count: count) { output in
            let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil)
            defer { unsafe EVP_PKEY_CTX_free(context) }
            var length = count
            let good = unsafe key.withBytes { key in
                unsafe EVP_PKEY_derive_init(context) == 1
                    && EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1
                    && EVP_PKEY_CTX_set1_hkdf_key(context, key.bindMemory(to: UInt8.self).baseAddress, Int32(key.count))
                        == 1
                    && (salt.isEmpty || EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1)
                    && EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)) == 1
                    && EVP_PKEY_derive(context, output.bindMemory(to: UInt8.self).baseAddress, &length) == 1
            }
            precondition(good && length == count, "libcrypto has no HKDF")
        }
    }

    /// What scrypt costs: N = 2^log2N, and 128 · N · r bytes of memory.
    package struct Cost: Sendable, Equatable {
        package var log2N: UInt8
        package var r: UInt8
        package var p: UInt8

        /// Makes a cost.
        package init(log2N: UInt8, r: UInt8, p: UInt8) {
            self.log2N = log2N
            self.r = r
            self.p = p
        }

        /// What salvor writes: 32 MiB and about 0.16 s.
        package static let standard = Cost(log2N: 15, r: 8, p: 1)
        /// Whether a reader may try it: at most 1 GiB of memory.
        package var isAcceptable: Bool {
            // RFC 7914 wants N below 2^(128·r/8), which libcrypto insists on.
            (4...22).contains(log2N) && (1...32).contains(r) && (1...16).contains(p) && UInt16(log2N) < 16 * UInt16(r)
                && (UInt64(128) << UInt64(log2N)) * UInt64(r) <= 1 << 30
        }
    }

    /// scrypt: a key of 32 bytes from a password.
    package static func stretch(password: SecretBytes, salt: [UInt8], cost: Cost) throws -> SecretBytes {
        try unsafe SecretBytes(count: 32) { output in
            let code = unsafe password.withBytes { password in
                unsafe EVP_PBE_scrypt(
                    password.bindMemory(to: CChar.self).baseAddress, password.count, salt, salt.count,
                    UInt64(1) << UInt64(cost.log2N), UInt64(cost.r), UInt64(cost.p), 2 << 30,
                    output.bindMemory(to: UInt8.self).baseAddress, 32)
            }
            guard code == 1 else {
                throw Failure(
                    .failed, "scrypt could not run",
                    hint: "it needs \((128 << Int(cost.log2N)) * Int(cost.r) >> 20) MiB of memory")
            }
        }
    }
}
