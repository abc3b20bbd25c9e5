import CZlib
import Platform

/// Decompresses runs of bytes whose length is known; used by one thread.
@safe
package final class Decompressor {
    private let zstandard: ZstandardLibrary?
    private let context: UnsafeMutableRawPointer?

    /// Makes a decompressor. Without `zstandard` it behaves as on a machine that has no libzstd.
    package init(zstandard allowed: Bool = true) {
        zstandard = allowed ? ZstandardLibrary.shared : nil
        unsafe context = zstandard?.makeDecompressor()
    }

    deinit { if let zstandard { _ = unsafe zstandard.freeDecompressor(context) } }

    /// Appends the `length` plain bytes of `packed` to `output`, which must have room for them. Throws `.damaged` when
    /// they are not exactly as many; `object` is named in the failure.
    package func decompress(
        _ packed: Span<UInt8>, _ codec: Codec, length: Int, into output: inout Buffer, object: String
    ) throws {
        precondition(output.room >= length)
        if codec == .stored {
            guard packed.count == length else { throw damaged(object) }
            return output.append(packed)
        }
        if codec == .zstandard, zstandard == nil {
            throw Failure(
                .failed, "\(object) is compressed with zstd, and libzstd.so.1 is not on this machine",
                hint: "install the package libzstd1")
        }
        // Not every answer of 0 is an error, so the outcome is told apart from the number of bytes.
        var isWhole = false
        _ = unsafe output.fill { room in
            unsafe packed.withUnsafeBufferPointer { source in
                if codec == .zstandard, let zstandard {
                    // The library would take several frames one behind the other; the format has one.
                    let frame = unsafe zstandard.frameLength(source.baseAddress, source.count)
                    guard zstandard.isError(frame) == 0, frame == source.count else { return 0 }
                    let size = unsafe zstandard.decompress(
                        context, room.baseAddress, length, source.baseAddress, source.count)
                    isWhole = zstandard.isError(size) == 0 && size == length
                } else {
                    var size = uLongf(length)
                    var used = uLong(source.count)
                    let target = unsafe room.bindMemory(to: UInt8.self).baseAddress
                    let code = unsafe uncompress2(target, &size, source.baseAddress, &used)
                    isWhole = code == Z_OK && Int(used) == source.count && Int(size) == length
                }
                return isWhole ? length : 0
            }
        }
        guard isWhole else { throw damaged(object) }
    }

    private func damaged(_ object: String) -> Failure {
        Failure(.damaged, "\(object) does not decompress to what it should be")
    }
}
