import CPostgres
import Platform
import Sealing

/// The rows of a COPY … TO STDOUT that is under way: hashed row by row, handed over as one stream of bytes.
@safe
final class PostgresCopyOut {
    private let connection: PostgresConnection
    /// A row of which the buffer before this one took the first bytes, as far as it has come.
    private var begun: [UInt8] = []
    private var ended = false
    private let rule: LineBorder.Rule?
    /// Bytes of all rows that came.
    private var passed: UInt64 = 0
    private var borders: [LineBorder] = []
    /// How often in a row there was no row at hand.
    private var misses = 0

    /// A socket holds about 200 KiB, which takes a server twice as long.
    private static let napSeconds = 0.000_15

    /// Takes over a session in which a COPY … TO STDOUT has begun.
    /// With a rule it notes where the stream may be cut.
    init(_ connection: PostgresConnection, rule: LineBorder.Rule? = nil) {
        self.connection = connection
        self.rule = rule
    }

    /// Appends rows to `buffer` until it is full or the rows end, and adds each to `hash` without its line break.
    /// A row that does not fit goes on in the next call. `idle` is called about once a second while nothing comes.
    /// Answers how many bytes it appended; 0 is the end.
    ///
    /// libpq writes each row to where it is wanted: `PQgetCopyData` would allocate, copy and free it once more.
    func read(into buffer: inout Buffer, hash: inout RowHash, idle: () throws -> Void) throws -> Int {
        let handle = unsafe connection.handle
        return try unsafe buffer.fill { free in
            var filled = 0
            // Rows are hashed in pairs where the next one is at hand.
            var waiting: Range<Int>?
            while filled < free.count, !ended {
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: free[filled...])
                let target = unsafe room.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
                let length = unsafe Int(PQgetlineAsync(handle, target, Int32(clamping: room.count)))
                guard length > 0 else {
                    if let row = waiting.take() { unsafe take(row, of: free, &hash) }
                    try meet(length, idle)
                    continue
                }
                misses = 0
                let piece = filled..<filled + length
                filled = piece.upperBound
                // A line break inside a value is written as `\\n`: the byte itself ends a row and nothing else.
                let isEnd = unsafe free[filled - 1] == UInt8(ascii: "\n")
                if !isEnd || !begun.isEmpty {
                    if let row = waiting.take() { unsafe take(row, of: free, &hash) }
                    unsafe begun += free[piece]
                    if isEnd { takeBegun(&hash) }
                } else if let first = waiting.take() {
                    unsafe take(first, piece, of: free, &hash)
                } else {
                    waiting = piece
                }
            }
            if let row = waiting.take() { unsafe take(row, of: free, &hash) }
            return filled
        }
    }

    /// Hashes one row.
    private func take(_ row: Range<Int>, of bytes: UnsafeMutableRawBufferPointer, _ hash: inout RowHash) {
        note(row.count, unsafe hash.add(UnsafeRawBufferPointer(rebasing: bytes[row.dropLast()])))
    }

    /// Hashes two rows.
    @inline(__always)
    private func take(
        _ row: Range<Int>, _ next: Range<Int>, of bytes: UnsafeMutableRawBufferPointer, _ hash: inout RowHash
    ) {
        let halves = unsafe hash.add(
            UnsafeRawBufferPointer(rebasing: bytes[row.dropLast()]),
            UnsafeRawBufferPointer(rebasing: bytes[next.dropLast()]))
        note(row.count, halves.one)
        note(next.count, halves.other)
    }

    /// Hashes the row that lies in more than one buffer.
    private func takeBegun(_ hash: inout RowHash) {
        note(
            begun.count,
            unsafe begun.withUnsafeBytes { unsafe hash.add(UnsafeRawBufferPointer(rebasing: $0.dropLast())) })
        begun = []
    }

    /// Notes whether the stream may be cut behind a row.
    @inline(__always)
    private func note(_ length: Int, _ half: UInt64) {
        passed += UInt64(length)
        if let isStrict = rule?.border(bytes: length, hash: half) {
            borders.append(LineBorder(end: passed, isStrict: isStrict))
        }
    }

    /// The borders among the rows since the last call. The last row may not be in the buffer whole.
    func takeBorders() -> [LineBorder] {
        defer { borders.removeAll(keepingCapacity: true) }
        return borders
    }

    /// Deals with what libpq answers instead of a row: nothing yet (0), or the end, which may be an error (-1).
    private func meet(_ answer: Int, _ idle: () throws -> Void) throws {
        if answer < 0 {
            _ = try connection.endCopy()
            guard begun.isEmpty else { throw Failure(.failed, "the server ended in the middle of a row") }
            ended = true
            return
        }
        misses += 1
        // The server sends 8 KiB at a time, and would wake us for each: a nap lets it send more. Before and after that
        // there may be something at hand.
        if misses == 2 { Pause.sleep(seconds: Self.napSeconds) }
        if misses > 2 {
            let socket = unsafe PQsocket(connection.handle)
            if try !Readiness.waitToRead(socket, milliseconds: 1000) { try idle() }
        }
        if unsafe PQconsumeInput(connection.handle) != 1 { throw connection.connectionError() }
    }
}
