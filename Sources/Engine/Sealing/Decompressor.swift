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
        var isWhole = false
        try demandLibrary(codec, object)
        _ = unsafe output.fill { room in
            isWhole = unsafe decompress(packed, codec, into: UnsafeMutableRawBufferPointer(rebasing: room[..<length]))
            return isWhole ? length : 0
        }
        guard isWhole else { throw damaged(object) }
    }

    /// The `length` plain bytes of `packed`, as `decompress` appends them.
    package func decompressed(_ packed: Span<UInt8>, _ codec: Codec, length: Int, object: String) throws -> [UInt8] {
        var isWhole = false
        try demandLibrary(codec, object)
        let plain = unsafe [UInt8](unsafeUninitializedCapacity: length) { room, used in
            isWhole = unsafe decompress(
                packed, codec, into: UnsafeMutableRawBufferPointer(start: room.baseAddress, count: length))
            used = isWhole ? length : 0
        }
        guard isWhole else { throw damaged(object) }
        return plain
    }

    private func demandLibrary(_ codec: Codec, _ object: String) throws {
        guard codec == .zstandard, zstandard == nil else { return }
        throw Failure(
            .failed, "\(object) is compressed with zstd, and libzstd.so.1 is not on this machine",
            hint: "install the package libzstd1")
    }

    /// Fills `room`; answers whether the bytes are exactly as many. Not every answer of 0 of a library is an error, so
    /// the outcome is told apart from the number of bytes.
    private func decompress(_ packed: Span<UInt8>, _ codec: Codec, into room: UnsafeMutableRawBufferPointer) -> Bool {
        unsafe packed.withUnsafeBufferPointer { source in
            switch codec {
            case .stored:
                guard source.count == room.count else { return false }
                unsafe room.copyMemory(from: UnsafeRawBufferPointer(source))
                return true
            case .zstandard:
                guard let zstandard else { return false }
                // The library would take several frames one behind the other; the format has one.
                let frame = unsafe zstandard.frameLength(source.baseAddress, source.count)
                guard zstandard.isError(frame) == 0, frame == source.count else { return false }
                let size = unsafe zstandard.decompress(
                    context, room.baseAddress, room.count, source.baseAddress, source.count)
                return zstandard.isError(size) == 0 && size == room.count
            case .zlib:
                var size = uLongf(room.count)
                var used = uLong(source.count)
                let target = unsafe room.bindMemory(to: UInt8.self).baseAddress
                let code = unsafe uncompress2(target, &size, source.baseAddress, &used)
                return code == Z_OK && Int(used) == source.count && Int(size) == room.count
            }
        }
    }

    private func damaged(_ object: String) -> Failure {
        Failure(.damaged, "\(object) does not decompress to what it should be")
    }
}
