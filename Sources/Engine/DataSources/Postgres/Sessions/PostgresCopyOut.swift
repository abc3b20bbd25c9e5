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

    /// Takes over a session in which a COPY … TO STDOUT has begun.
    init(_ connection: PostgresConnection) {
        self.connection = connection
        unsafe row = nil
    }

    deinit { unsafe PQfreemem(row) }

    /// Whether the last row was taken, and the server had nothing against it.
    var isFinished: Bool { ended }

    /// Appends rows to `buffer` until it is full or the rows end, and adds each to `hash` without its line break.
    /// A row that does not fit goes on in the next call. `idle` is called about once a second while nothing comes.
    /// Answers how many bytes it appended; 0 is the end.
    func read(into buffer: inout Buffer, hash: RowHash, idle: () throws -> Void) throws -> Int {
        try unsafe buffer.fill { free in
            var filled = 0
            while filled < free.count, !ended {
                if unsafe row == nil, try !nextRow(hash: hash, idle: idle) { break }
                let count = min(free.count - filled, rowBytes - taken)
                let target = unsafe free.baseAddress.unsafelyUnwrapped + filled
                unsafe target.copyMemory(from: UnsafeRawPointer(row.unsafelyUnwrapped) + taken, byteCount: count)
                filled += count
                taken += count
                if taken == rowBytes {
                    unsafe PQfreemem(row)
                    unsafe row = nil
                }
            }
            return filled
        }
    }

    private func nextRow(hash: RowHash, idle: () throws -> Void) throws -> Bool {
        while true {
            let length = unsafe Int(PQgetCopyData(connection.handle, &row, 1))
            if length > 0 {
                rowBytes = length
                taken = 0
                unsafe hash.add(UnsafeRawBufferPointer(start: row, count: length - 1))
                return true
            }
            if length == -1 {
                _ = try connection.endCopy()
                ended = true
                return false
            }
            if length < -1 { throw connection.connectionError() }
            let socket = unsafe PQsocket(connection.handle)
            if try !Readiness.waitToRead(socket, milliseconds: 1000) { try idle() }
            if unsafe PQconsumeInput(connection.handle) != 1 { throw connection.connectionError() }
        }
    }
}
