import COpenSSL
import Platform

/// Counts rows and adds up a keyed 128-bit hash of each, modulo 2^128: equal for the same rows in any order.
///
/// The hash is SipHash-2-4 with 16 bytes of output, under a key of the repository, so that nobody who writes rows can
/// make two sets of them look alike. Sums of parts add up to the sum of the whole. It is a sum and no XOR: two equal
/// rows would cancel each other out. Used by one thread; nothing is allocated for a row.
@safe
package final class RowHash {
    /// How many rows were added.
    package private(set) var count: UInt64 = 0
    /// The sum of the rows' hashes.
    package private(set) var sum: UInt128 = 0

    private let context: OpaquePointer
    private let key: SecretBytes

    /// How many bytes a key has.
    package static let keyBytes = 16

    /// Starts at zero rows. `key` holds `keyBytes` bytes.
    package init(key: [UInt8]) throws(Failure) {
        precondition(key.count == Self.keyBytes, "a key for row hashes has 16 bytes")
        guard let algorithm = unsafe EVP_MAC_fetch(nil, "SIPHASH", nil) else { throw Self.refusal() }
        defer { unsafe EVP_MAC_free(algorithm) }
        guard let context = unsafe EVP_MAC_CTX_new(algorithm) else { throw Self.refusal() }
        unsafe self.context = context
        self.key = SecretBytes(key)
        var size = 16
        let made = unsafe withUnsafeMutablePointer(to: &size) { size in
            let parameters = unsafe [OSSL_PARAM_construct_size_t("size", size), OSSL_PARAM_construct_end()]
            return unsafe EVP_MAC_CTX_set_params(context, parameters)
        }
        if made != 1 { throw Self.refusal() }
    }

    deinit { unsafe EVP_MAC_CTX_free(context) }

    /// Adds one row.
    package func add(_ row: Span<UInt8>) {
        let hash = unsafe row.withUnsafeBufferPointer { unsafe self.hash(UnsafeRawBufferPointer($0)) }
        count += 1
        sum &+= hash
    }

    /// Adds one row whose bytes the caller keeps alive during the call.
    package func add(_ row: UnsafeRawBufferPointer) {
        let hash = unsafe hash(row)
        count += 1
        sum &+= hash
    }

    /// Adds what another hash under the same key has counted.
    package func add(count: UInt64, sum: UInt128) {
        self.count += count
        self.sum &+= sum
    }

    private func hash(_ row: UnsafeRawBufferPointer) -> UInt128 {
        var digest: UInt128 = 0
        var length = 0
        let done = unsafe withUnsafeMutableBytes(of: &digest) { digest in
            let begun = unsafe key.withBytes { unsafe EVP_MAC_init(context, $0.baseAddress, $0.count, nil) }
            let taken = unsafe EVP_MAC_update(context, row.baseAddress, row.count)
            let ended = unsafe EVP_MAC_final(context, digest.baseAddress, &length, digest.count)
            return begun == 1 && taken == 1 && ended == 1
        }
        precondition(done && length == 16, "libcrypto cannot hash")
        return UInt128(littleEndian: digest)
    }

    private static func refusal() -> Failure {
        Failure(.failed, "libcrypto offers no SipHash", hint: "install Debian's libssl3 (OpenSSL 3.0 or later)")
    }
}
