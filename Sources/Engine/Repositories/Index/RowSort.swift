/// Sorts rows of bytes in place, with no second copy of them: by one byte after the other, from the first on (the
/// "American flag" sort of McIlroy, Bostic and McIlroy, 1993). However the rows are made, each is moved at most once a
/// byte; ids are uniform, so real ones are in place after two or three.
@safe
struct RowSort {
    private let rows: UnsafeMutableRawPointer
    private static let length = ChunkRow.length
    /// So few rows are put in order by inserting.
    private static let few = 24

    /// Sorts the `count` rows at `rows`.
    static func sort(_ rows: UnsafeMutableRawPointer, count: Int) {
        unsafe RowSort(rows: rows).sort(0, count, byte: 0)
    }

    private func sort(_ first: Int, _ end: Int, byte: Int) {
        if end - first <= Self.few { return insert(first, end) }
        // Rows that are the same to the last byte are in order.
        guard byte < Self.length else { return }
        var next = [Int](repeating: 0, count: 256)
        var ends = next
        for row in first..<end { ends[value(row, byte)] += 1 }
        var sum = first
        for value in 0..<256 {
            next[value] = sum
            sum += ends[value]
            ends[value] = sum
        }
        let firsts = next
        for value in 0..<256 {
            while next[value] < ends[value] {
                let belongs = self.value(next[value], byte)
                if belongs != value { swap(next[value], next[belongs]) }
                next[belongs] += 1
            }
        }
        for value in 0..<256 where ends[value] - firsts[value] > 1 {
            sort(firsts[value], ends[value], byte: byte + 1)
        }
    }

    private func insert(_ first: Int, _ end: Int) {
        guard end - first > 1 else { return }
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.length, alignment: 8) { held in
            guard let taken = held.baseAddress else { return }
            for row in first + 1..<end where unsafe ChunkRow.precedes(at(row), at(row - 1)) {
                unsafe taken.copyMemory(from: at(row), byteCount: Self.length)
                var hole = row
                repeat { hole -= 1 } while unsafe hole > first && ChunkRow.precedes(taken, at(hole - 1))
                unsafe at(hole + 1).copyMemory(from: at(hole), byteCount: (row - hole) * Self.length)
                unsafe at(hole).copyMemory(from: taken, byteCount: Self.length)
            }
        }
    }

    @inline(__always)
    private func at(_ row: Int) -> UnsafeMutableRawPointer { unsafe rows + row * Self.length }

    @inline(__always)
    private func value(_ row: Int, _ byte: Int) -> Int {
        unsafe Int(at(row).load(fromByteOffset: byte, as: UInt8.self))
    }

    @inline(__always)
    private func swap(_ left: Int, _ right: Int) {
        let (one, other) = unsafe (at(left), at(right))
        for start in stride(from: 0, to: 24, by: 8) {
            let (first, second) = unsafe (
                one.loadUnaligned(fromByteOffset: start, as: UInt64.self),
                other.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            )
            unsafe one.storeBytes(of: second, toByteOffset: start, as: UInt64.self)
            unsafe other.storeBytes(of: first, toByteOffset: start, as: UInt64.self)
        }
        let (first, second) = unsafe (
            one.loadUnaligned(fromByteOffset: 24, as: UInt16.self),
            other.loadUnaligned(fromByteOffset: 24, as: UInt16.self)
        )
        unsafe one.storeBytes(of: second, toByteOffset: 24, as: UInt16.self)
        unsafe other.storeBytes(of: first, toByteOffset: 24, as: UInt16.self)
    }
}
