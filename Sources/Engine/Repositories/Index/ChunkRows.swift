import Platform

/// The chunks of an index as sorted rows, found by the first bits of their ids: 26 bytes a chunk, and half a byte to
/// one byte of table. Used by one thread at a time.
///
/// Rows are appended in any order; `settle` puts them in place. The copies of a chunk lie side by side.
@safe
struct ChunkRows: ~Copyable {
    private var bytes = PagedBytes()
    /// How many rows there are; a chunk with copies has several.
    private(set) var count = 0
    /// How many different chunks there are among the settled rows.
    private(set) var chunks = 0
    private var settled = 0
    /// For each beginning of an id where its rows begin, and at the end how many rows there are.
    private var starts: [UInt32] = [0, 0, 0]
    private var shift: UInt64 = 63

    /// Rows that one entry of the table leads to, on average up to twice as many: a few cache lines.
    private static let rowsPerStart = 4
    private static let length = ChunkRow.length

    /// Whether there are rows that cannot be found yet.
    var needsSettling: Bool { settled < count }

    /// Appends a row, to be found after the next `settle`.
    mutating func append(_ id: ChunkID, _ place: ChunkPlace) {
        precondition(count < UInt32.max, "an index of more than 4 billion chunks")
        bytes.appendZeros(Self.length)
        let end = count * Self.length
        unsafe bytes.change { unsafe ChunkRow(id, place).write(to: $0.baseAddress.unsafelyUnwrapped + end) }
        count += 1
    }

    /// Puts appended rows in their places, and drops those that are there already, byte for byte.
    mutating func settle() {
        guard needsSettling else { return }
        let all = count
        // Few new rows are merged in; many are sorted together with the others.
        let old = settled > all / 2 ? settled : 0
        unsafe bytes.change { rows in
            let base = unsafe rows.baseAddress.unsafelyUnwrapped
            unsafe RowSort.sort(base + old * Self.length, count: all - old)
            if old > 0 { unsafe Self.merge(base, old, all - old) }
        }
        (count, chunks) = unsafe bytes.change { unsafe Self.dropRepeated($0.baseAddress.unsafelyUnwrapped, all) }
        bytes.truncate(to: count * Self.length)
        settled = count
        makeStarts()
    }

    /// Merges two sorted runs that lie one behind the other, from their ends; only the second one is held twice.
    private static func merge(_ base: UnsafeMutableRawPointer, _ first: Int, _ second: Int) {
        unsafe withUnsafeTemporaryAllocation(byteCount: second * length, alignment: 16) { held in
            guard let tail = held.baseAddress else { return }
            unsafe tail.copyMemory(from: base + first * length, byteCount: second * length)
            var (left, right) = (first, second)
            while right > 0 {
                let last = unsafe tail + (right - 1) * length
                let takesLeft = unsafe left > 0 && ChunkRow.precedes(last, base + (left - 1) * length)
                let from = unsafe takesLeft ? base + (left - 1) * length : last
                unsafe (base + (left + right - 1) * length).copyMemory(from: from, byteCount: length)
                if takesLeft { left -= 1 } else { right -= 1 }
            }
        }
    }

    /// Keeps one of rows that are the same, and counts rows and chunks.
    private static func dropRepeated(_ base: UnsafeMutableRawPointer, _ count: Int) -> (rows: Int, chunks: Int) {
        var (kept, chunks) = (0, 0)
        for row in 0..<count {
            let here = unsafe base + row * length
            if kept > 0 {
                let before = unsafe base + (kept - 1) * length
                guard unsafe ChunkRow.precedes(before, here) else { continue }
                if unsafe ChunkRow.id(at: before) != ChunkRow.id(at: here) { chunks += 1 }
            } else {
                chunks = 1
            }
            if kept < row { unsafe (base + kept * length).copyMemory(from: here, byteCount: length) }
            kept += 1
        }
        return (kept, chunks)
    }

    private mutating func makeStarts() {
        let bits = max(1, Int.bitWidth - (count / Self.rowsPerStart).leadingZeroBitCount - 1)
        // Given back before the next one is made.
        starts = []
        var table = [UInt32](repeating: 0, count: 1 << bits + 1)
        shift = UInt64(64 - bits)
        let (rows, shift) = (count, shift)
        unsafe bytes.withBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var next = 0
            for row in 0..<rows {
                let start = unsafe Int(ChunkRow.high(at: base + row * Self.length) >> shift)
                while next <= start {
                    table[next] = UInt32(row)
                    next += 1
                }
            }
            while next < table.count {
                table[next] = UInt32(rows)
                next += 1
            }
        }
        starts = table
    }

    /// The number of a chunk's first row, nil when there is none. Only settled rows are found.
    borrowing func row(of id: ChunkID) -> Int? {
        let start = Int(id.high >> shift)
        var (first, end) = (Int(starts[start]), Int(starts[start + 1]))
        return unsafe bytes.withBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            // Ids that a stranger chose may all begin alike.
            while end - first > 4 * Self.rowsPerStart {
                let middle = (first + end) / 2
                if unsafe ChunkRow.id(at: base + middle * Self.length) < id { first = middle + 1 } else { end = middle }
            }
            while first < end {
                let high = unsafe ChunkRow.high(at: base + first * Self.length)
                if high >= id.high {
                    if high > id.high { return nil }
                    let found = unsafe ChunkRow.id(at: base + first * Self.length)
                    if found.low >= id.low { return found.low == id.low ? first : nil }
                }
                first += 1
            }
            // A search that ended at its border may have found it there.
            guard first < Int(starts[start + 1]) else { return nil }
            return unsafe ChunkRow.id(at: base + first * Self.length) == id ? first : nil
        }
    }

    /// A row by its number.
    borrowing func row(_ number: Int) -> ChunkRow {
        precondition(number >= 0 && number < settled)
        return unsafe bytes.withBytes { unsafe ChunkRow(at: $0.baseAddress.unsafelyUnwrapped + number * Self.length) }
    }

    /// Tells `body` every settled row, ascending.
    borrowing func forEach(_ body: (ChunkRow) -> Void) {
        for number in 0..<settled { body(row(number)) }
    }
}
