import CPostgres
import Platform
import Sealing

extension PostgresConnection {
    /// Sends statements of which the last is a COPY, and waits until the server is ready for its rows.
    func beginCopy(_ sql: String) throws(PostgresError) {
        let text = CString(sql)
        guard unsafe PQsendQuery(handle, text.pointer) == 1 else { throw connectionError() }
        while let result = unsafe PQgetResult(handle) {
            defer { unsafe PQclear(result) }
            let status = unsafe PQresultStatus(result)
            if status == PGRES_COPY_OUT || status == PGRES_COPY_IN { return }
            if status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK {
                let problem = unsafe error(of: result)
                drain()
                throw problem
            }
        }
        throw PostgresError(sqlState: "", message: "the server did not begin to copy", connectionLost: !isAlive)
    }

    /// Sends bytes of a COPY … FROM STDIN; they need not be whole rows.
    func put(_ bytes: Span<UInt8>) throws(PostgresError) {
        var done = 0
        while done < bytes.count {
            let from = done
            let count = min(bytes.count - from, 1 << 20)
            let answer = unsafe bytes.withUnsafeBytes { bytes in
                let start = unsafe bytes.baseAddress.unsafelyUnwrapped + from
                return unsafe PQputCopyData(handle, start.assumingMemoryBound(to: CChar.self), Int32(count))
            }
            if answer != 1 { throw connectionError() }
            done += count
        }
    }

    /// Ends a COPY … FROM STDIN and answers how many rows the server took.
    func endPut() throws(PostgresError) -> UInt64 {
        guard unsafe PQputCopyEnd(handle, nil) == 1 else { throw connectionError() }
        return try endCopy()
    }

    /// Takes the answers after the last row; throws if one of them is an error.
    fileprivate func endCopy() throws(PostgresError) -> UInt64 {
        var problem: PostgresError?
        var rows: UInt64 = 0
        while let result = unsafe PQgetResult(handle) {
            let status = unsafe PQresultStatus(result)
            if status == PGRES_COMMAND_OK {
                rows = unsafe PQcmdTuples(result).flatMap { unsafe UInt64(String(cString: $0)) } ?? rows
            } else if problem == nil {
                problem = unsafe error(of: result)
            }
            unsafe PQclear(result)
            if !isAlive { break }
        }
        if let problem { throw problem }
        if !isAlive { throw connectionError() }
        return rows
    }
}

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
