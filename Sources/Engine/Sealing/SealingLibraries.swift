import COpenSSL
import CZlib

/// The libraries behind this module, as they are on this machine.
package enum SealingLibraries {
    /// `3.0.17`: the version of libcrypto.
    package static var crypto: String {
        unsafe OpenSSL_version(OPENSSL_VERSION_STRING).map { unsafe String(cString: $0) } ?? "unknown"
    }

    /// The version of zlib.
    package static var zlib: String { unsafe zlibVersion().map { unsafe String(cString: $0) } ?? "unknown" }

    /// The version of libzstd, nil where it is not installed.
    package static var zstandard: String? { ZstandardLibrary.shared?.version }
}
