/// Where the bytes of a file with holes are, as GNU tar writes it in its sparse format 1.0: a list in front of the
/// bytes that are there.
///
/// GNU tar reads each stretch from a block of its own: stretches begin and end with whole blocks of the file, and what
/// a hole has beyond them is written as zeros.
package struct TarSparseMap: Sendable {
    /// A stretch of bytes that are there.
    package struct Stretch: Sendable, Equatable {
        package var offset: UInt64
        package var length: UInt64
    }

    /// Ascending. When the file ends with a hole, the last one is empty and tells where the file ends.
    package let stretches: [Stretch]
    /// How many bytes are there in all.
    package let dataBytes: UInt64
    /// Bytes that the list takes, filled up to whole blocks.
    package let length: UInt64

    /// Makes the map of a file of `size` bytes; its holes ascend and lie inside the file.
    package init(size: UInt64, holes: some Sequence<(offset: UInt64, length: UInt64)>) {
        let block = UInt64(TarHeader.blockBytes)
        var stretches: [Stretch] = []
        var end: UInt64 = 0
        for hole in holes {
            let (start, isBeyond) = hole.offset.addingReportingOverflow(block - 1)
            var stop = hole.offset + hole.length
            if stop < size { stop -= stop % block }
            guard !isBeyond, start / block * block < stop else { continue }
            if start / block * block > end {
                stretches.append(Stretch(offset: end, length: start / block * block - end))
            }
            end = stop
        }
        if end < size { stretches.append(Stretch(offset: end, length: size - end)) }
        if end == size { stretches.append(Stretch(offset: size, length: 0)) }
        self.stretches = stretches
        dataBytes = stretches.reduce(0) { $0 + $1.length }
        let text = stretches.reduce(Self.digits(UInt64(stretches.count)) + 1) {
            $0 + Self.digits($1.offset) + 1 + Self.digits($1.length) + 1
        }
        length = UInt64(TarHeader.filled(text))
    }

    /// Gives the list in pieces of some kilobytes: a file may have a million holes.
    package func write(_ body: ([UInt8]) throws -> Void) rethrows {
        var piece = Array("\(stretches.count)\n".utf8)
        var written = 0
        for stretch in stretches {
            piece += Array("\(stretch.offset)\n\(stretch.length)\n".utf8)
            guard piece.count >= 1 << 15 else { continue }
            try body(piece)
            written += piece.count
            piece.removeAll(keepingCapacity: true)
        }
        piece += [UInt8](repeating: 0, count: Int(length) - written - piece.count)
        try body(piece)
    }

    private static func digits(_ number: UInt64) -> Int {
        var (rest, count) = (number, 1)
        while rest >= 10 { (rest, count) = (rest / 10, count + 1) }
        return count
    }
}
