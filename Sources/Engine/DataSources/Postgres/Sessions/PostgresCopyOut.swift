import CPostgres
import Platform
import Sealing

/// The rows of a COPY … TO STDOUT that is under way: hashed row by row, handed over as one stream of bytes.
@safe
final class PostgresCopyOut {
    private let connection: PostgresConnection
    private var row: UnsafeMutablePointer<CChar>?
    private var rowBytes = 0
    private var taken = 0
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
        unsafe row = nil
    }

    deinit { unsafe PQfreemem(row) }

    /// Appends rows to `buffer` until it is full or the rows end, and adds each to `hash` without its line break.
    /// A row that does not fit goes on in the next call. `idle` is called about once a second while nothing comes.
    /// Answers how many bytes it appended; 0 is the end.
    func read(into buffer: inout Buffer, hash: inout RowHash, idle: () throws -> Void) throws -> Int {
        let handle = unsafe connection.handle
        return try unsafe buffer.fill { free in
            var filled = unsafe takeRest(into: free)
            while filled < free.count, !ended {
                var first: UnsafeMutablePointer<CChar>?
                let length = unsafe Int(PQgetCopyData(handle, &first, 1))
                guard length > 0 else {
                    try meet(length, idle)
                    continue
                }
                misses = 0
                // Rows are hashed in pairs where the next one is at hand, and the first leaves room for it.
                var second: UnsafeMutablePointer<CChar>?
                let isRoomy = free.count - filled > length
                let otherLength = isRoomy ? unsafe Int(PQgetCopyData(handle, &second, 1)) : 0
                guard otherLength > 0 else {
                    let half = unsafe hash.add(UnsafeRawBufferPointer(start: first, count: length - 1))
                    unsafe take(first, length, half, into: free, &filled)
                    if isRoomy { try meet(otherLength, idle) }
                    continue
                }
                let halves = unsafe hash.add(
                    UnsafeRawBufferPointer(start: first, count: length - 1),
                    UnsafeRawBufferPointer(start: second, count: otherLength - 1))
                unsafe take(first, length, halves.one, into: free, &filled)
                unsafe take(second, otherLength, halves.other, into: free, &filled)
            }
            return filled
        }
    }

    /// Copies a row that was hashed, as far as it fits, and notes whether the stream may be cut behind it.
    @inline(__always)
    private func take(
        _ next: UnsafeMutablePointer<CChar>?, _ length: Int, _ half: UInt64,
        into free: UnsafeMutableRawBufferPointer, _ filled: inout Int
    ) {
        passed += UInt64(length)
        if let isStrict = rule?.border(bytes: length, hash: half) {
            borders.append(LineBorder(end: passed, isStrict: isStrict))
        }
        let count = min(free.count - filled, length)
        let target = unsafe free.baseAddress.unsafelyUnwrapped + filled
        unsafe target.copyMemory(from: UnsafeRawPointer(next.unsafelyUnwrapped), byteCount: count)
        filled += count
        if count == length {
            unsafe PQfreemem(next)
        } else {
            unsafe (row, rowBytes, taken) = (next, length, count)
        }
    }

    /// The borders among the rows since the last call. The last row may not be in the buffer whole.
    func takeBorders() -> [LineBorder] {
        defer { borders.removeAll(keepingCapacity: true) }
        return borders
    }

    /// What is left of the row that did not fit before; there is one only when the buffer was full.
    private func takeRest(into free: UnsafeMutableRawBufferPointer) -> Int {
        guard let rest = unsafe row else { return 0 }
        let count = min(free.count, rowBytes - taken)
        unsafe free.baseAddress.unsafelyUnwrapped.copyMemory(from: UnsafeRawPointer(rest) + taken, byteCount: count)
        taken += count
        if taken == rowBytes {
            unsafe PQfreemem(rest)
            unsafe row = nil
        }
        return count
    }

    /// Deals with what `PQgetCopyData` answers instead of a row: nothing yet, the end, an error.
    private func meet(_ answer: Int, _ idle: () throws -> Void) throws {
        if answer == -1 {
            _ = try connection.endCopy()
            ended = true
            return
        }
        if answer < -1 { throw connection.connectionError() }
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
