/// One chunk of the index as 26 bytes that sort as they stand: id, frame (u32), offset and length (24 bits each), all
/// with the highest byte first.
@safe
struct ChunkRow {
    /// Bytes of a row.
    static let length = 26
    /// Bytes of it that are the id.
    private static let idLength = 16

    var id: ChunkID
    var place: ChunkPlace

    /// Joins a chunk with where it lies.
    init(_ id: ChunkID, _ place: ChunkPlace) {
        self.id = id
        self.place = place
    }

    /// Reads a row.
    @inline(__always)
    init(at row: UnsafeRawPointer) {
        id = unsafe Self.id(at: row)
        let rest = unsafe Self.word(row + Self.idLength)
        // The last three bytes lie across the end of that word.
        let last = unsafe UInt32(Self.half(row + Self.length - 2))
        place = ChunkPlace(
            frame: UInt32(truncatingIfNeeded: rest >> 32), offset: UInt32(truncatingIfNeeded: rest >> 8) & 0xff_ffff,
            length: UInt32(truncatingIfNeeded: rest & 0xff) << 16 | last)
    }

    /// The id of a row.
    @inline(__always)
    static func id(at row: UnsafeRawPointer) -> ChunkID {
        unsafe ChunkID(high: word(row), low: word(row + 8))
    }

    /// The first eight bytes of a row's id.
    @inline(__always)
    static func high(at row: UnsafeRawPointer) -> UInt64 { unsafe word(row) }

    /// Writes the row.
    @inline(__always)
    func write(to row: UnsafeMutableRawPointer) {
        assert(place.offset < 1 << 24 && place.length < 1 << 24)
        let rest = UInt64(place.frame) << 32 | UInt64(place.offset) << 8 | UInt64(place.length) >> 16
        unsafe row.storeBytes(of: id.high.bigEndian, as: UInt64.self)
        unsafe (row + 8).storeBytes(of: id.low.bigEndian, as: UInt64.self)
        unsafe (row + Self.idLength).storeBytes(of: rest.bigEndian, as: UInt64.self)
        unsafe (row + Self.length - 2).storeBytes(
            of: UInt16(truncatingIfNeeded: place.length).bigEndian, as: UInt16.self)
    }

    /// Whether the row at `left` comes before the one at `right`.
    @inline(__always)
    static func precedes(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer) -> Bool {
        for start in stride(from: 0, to: 24, by: 8) {
            let (first, second) = unsafe (word(left + start), word(right + start))
            if first != second { return first < second }
        }
        return unsafe half(left + length - 2) < half(right + length - 2)
    }

    @inline(__always)
    private static func word(_ at: UnsafeRawPointer) -> UInt64 {
        unsafe UInt64(bigEndian: at.loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    private static func half(_ at: UnsafeRawPointer) -> UInt16 {
        unsafe UInt16(bigEndian: at.loadUnaligned(as: UInt16.self))
    }
}
