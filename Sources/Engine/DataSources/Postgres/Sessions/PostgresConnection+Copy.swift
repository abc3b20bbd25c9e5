import CPostgres
import Platform

extension PostgresConnection {
    /// Sends statements of which the last is a COPY, and waits until the server is ready for its rows.
    func beginCopy(_ sql: String) throws(PostgresError) {
        let text = CString(sql)
        guard unsafe PQsendQuery(handle, text.pointer) == 1 else { throw connectionError() }
        try meetCopy()
    }

    /// Sends one COPY, which may wait long for a lock; `checking` is called several times a second meanwhile, and
    /// throws to stop.
    func beginCopy(_ sql: String, checking: () throws -> Void) throws {
        let text = CString(sql)
        guard unsafe PQsendQuery(handle, text.pointer) == 1 else { throw connectionError() }
        try waitForAnswer(checking)
        try meetCopy()
    }

    private func meetCopy() throws(PostgresError) {
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
    func endCopy() throws(PostgresError) -> UInt64 {
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
