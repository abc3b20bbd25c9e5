import Glibc
import Platform
import Sealing

/// Hashes whole files; used by one thread.
final class FileHasher {
    private let digest = Digest()
    /// One megabyte: large enough that the calls do not count, small enough for the processor's cache.
    private static let bufferBytes = 1 << 20

    /// The SHA-256 of a regular file and how many bytes it has. A symlink is not followed.
    func hash(
        _ name: [UInt8], in directory: Directory, cancellation: any Cancellation = NeverCancelled()
    ) throws(Failure) -> (digest: [UInt8], bytes: UInt64) {
        let file = try FileDescriptor(contentOf: name, in: directory)
        guard try file.status().isRegular else {
            throw Failure(.failed, "it is no regular file any more", systemError: EINVAL)
        }
        var buffer = Buffer(capacity: Self.bufferBytes)
        var bytes: UInt64 = 0
        // An earlier file may have been given up half way.
        digest.restart()
        while try file.read(into: &buffer) > 0 {
            digest.update(buffer.bytes)
            bytes += UInt64(buffer.count)
            buffer.clear()
            do { try cancellation.check() } catch { throw Failure(error) }
        }
        return (digest.finish(), bytes)
    }
}
