import CZlib
import Platform

/// Compresses runs of bytes; used by one thread, with its tables kept between runs.
@safe
package final class Compressor {
    /// What to compress with.
    package enum Choice: Sendable, Equatable {
        /// zstd where the library is there, else zlib.
        case best
        case zlib
        case stored
    }

    private let zstandard: ZstandardLibrary?
    private let context: UnsafeMutableRawPointer?
    private let choice: Choice
    private let level: Int32
    private var current: Int32
    private var probe = Buffer(capacity: probeLength + 1024)
    private static let probeLength = 16 << 10

    /// Makes a compressor. `level` is zstd's.
    package init(_ choice: Choice = .best, level: Int32 = 2) {
        self.choice = choice
        self.level = level
        current = level
        zstandard = choice == .best ? ZstandardLibrary.shared : nil
        unsafe context = zstandard?.makeCompressor()
    }

    deinit { if let zstandard { _ = unsafe zstandard.freeCompressor(context) } }

    /// Appends `plain`, compressed if that makes it smaller, to `output`, which must have room for all of `plain`.
    /// Answers which codec that is. `isQuick` takes zstd's lowest level: what repeats itself a lot becomes as small.
    package func compress(_ plain: Span<UInt8>, isQuick: Bool = false, into output: inout Buffer) -> Codec {
        current = isQuick ? min(1, level) : level
        precondition(output.room >= plain.count)
        let before = output.count
        if choice != .stored, plain.count > 32, looksCompressible(plain),
            let codec = attempt(plain, into: &output, limit: plain.count - 1)
        {
            return codec
        }
        output.truncate(to: before)
        output.append(plain)
        return .stored
    }

    /// Tries a piece out of the middle of a large run: images and archives do not shrink, and cost the most to try.
    private func looksCompressible(_ plain: Span<UInt8>) -> Bool {
        guard plain.count >= 4 * Self.probeLength else { return true }
        for part in 1...3 {
            let start = plain.count / 4 * part - Self.probeLength / 2
            probe.clear()
            let piece = plain.extracting(start..<start + Self.probeLength)
            if attempt(piece, into: &probe, limit: Self.probeLength * 31 / 32) != nil { return true }
        }
        return false
    }

    private func attempt(_ plain: Span<UInt8>, into output: inout Buffer, limit: Int) -> Codec? {
        let written = unsafe output.fill { room in
            unsafe plain.withUnsafeBufferPointer { source in
                if let zstandard {
                    let size = unsafe zstandard.compress(
                        context, room.baseAddress, limit, source.baseAddress, source.count, current)
                    return zstandard.isError(size) != 0 ? 0 : size
                }
                var size = uLongf(limit)
                let code = unsafe compress2(
                    room.bindMemory(to: UInt8.self).baseAddress, &size, source.baseAddress, uLong(source.count), 6)
                return code == Z_OK ? Int(size) : 0
            }
        }
        guard written > 0 else { return nil }
        return zstandard != nil ? .zstandard : .zlib
    }
}
