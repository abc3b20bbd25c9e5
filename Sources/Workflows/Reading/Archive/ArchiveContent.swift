import Formats
import Platform
import Sealing

/// The bytes of one file on their way into an archive: what lies in a hole is hashed and not written. Used by one
/// thread.
struct ArchiveContent {
    private let stretches: [TarSparseMap.Stretch]
    private let digest: Digest
    private let write: (Span<UInt8>) throws -> Void
    private var next = 0
    /// How many bytes of the file came so far, those in holes too.
    private(set) var position: UInt64 = 0

    private static let zeros = [UInt8](repeating: 0, count: 1 << 16)

    /// Begins a file; without a map it has no holes.
    init(size: UInt64, map: TarSparseMap?, digest: Digest, write: @escaping (Span<UInt8>) throws -> Void) {
        stretches = (map ?? TarSparseMap(size: size, holes: [])).stretches
        self.digest = digest
        self.write = write
        digest.restart()
    }

    /// Whether the next `count` bytes all lie in a hole.
    func isHole(_ count: Int) -> Bool {
        let end = position + UInt64(count)
        for stretch in stretches[next...] where stretch.offset + stretch.length > position {
            return stretch.offset >= end
        }
        return true
    }

    /// Takes the next bytes.
    mutating func append(_ bytes: Span<UInt8>) throws {
        var taken = 0
        while taken < bytes.count {
            let (count, isData) = run(atMost: bytes.count - taken)
            if isData {
                let piece = bytes.extracting(taken..<taken + count)
                digest.update(piece)
                try write(piece)
            } else {
                // What is written must be what was saved: the digest sees what a reader of the archive will.
                hashZeros(count)
            }
            taken += count
            position += UInt64(count)
        }
    }

    /// Takes so many zeros.
    mutating func appendZeros(_ count: UInt64, check: () throws -> Void) throws {
        var left = count
        while left > 0 {
            try check()
            let piece = Int(min(left, UInt64(Self.zeros.count)))
            try append(Self.zeros.span.extracting(0..<piece))
            left -= UInt64(piece)
        }
    }

    /// The SHA-256 of all bytes.
    func finish() -> [UInt8] { digest.finish() }

    /// How many of the next bytes are all data, or all hole.
    private mutating func run(atMost count: Int) -> (count: Int, isData: Bool) {
        while next < stretches.count, stretches[next].offset + stretches[next].length <= position { next += 1 }
        guard next < stretches.count else { return (count, false) }
        let stretch = stretches[next]
        let isData = stretch.offset <= position
        let end = isData ? stretch.offset + stretch.length : stretch.offset
        return (Int(min(UInt64(count), end - position)), isData)
    }

    private func hashZeros(_ count: Int) {
        var left = count
        while left > 0 {
            let piece = min(left, Self.zeros.count)
            digest.update(Self.zeros.span.extracting(0..<piece))
            left -= piece
        }
    }
}
