import CPostgres
import Platform

/// One libpq session, used by one thread at a time. This file and its copy extension are all that calls libpq.
@safe
final class PostgresConnection: @unchecked Sendable {
    let handle: OpaquePointer
    /// The database that the session is in.
    let database: String
    private let notices = Notices()

    /// The version of libpq: `15.18`.
    static var libraryVersion: String {
        let number = PQlibVersion()
        return "\(number / 10000).\(number % 10000)"
    }

    private final class Notices {
        var texts: [String] = []
    }

    /// Connects. `options` are libpq's keywords; the last of two equal ones counts.
    init(_ options: [PostgresLocation.Option], named shown: String) throws(Failure) {
        let defaults: [PostgresLocation.Option] = [
            .init("connect_timeout", "15"), .init("keepalives", "1"), .init("keepalives_idle", "30"),
            .init("keepalives_interval", "10"), .init("keepalives_count", "6"),
            .init("fallback_application_name", "salvor"),
        ]
        let all = defaults + options + [.init("client_encoding", "UTF8")]
        let keywords = all.map { CString($0.keyword) }
        let values = all.map { CString($0.value) }
        var keywordList = unsafe keywords.map { unsafe $0.pointer as UnsafePointer<CChar>? }
        var valueList = unsafe values.map { unsafe $0.pointer as UnsafePointer<CChar>? }
        unsafe keywordList.append(nil)
        unsafe valueList.append(nil)
        let made = unsafe PQconnectdbParams(keywordList, valueList, 0)
        withExtendedLifetime((keywords, values)) {}
        guard let connection = unsafe made else { throw Failure(.failed, "no memory for a database session") }
        unsafe handle = connection
        database = unsafe PQdb(connection).map { unsafe String(cString: $0) } ?? ""
        guard unsafe PQstatus(connection) == CONNECTION_OK else {
            // The session is finished by deinit, also when init throws.
            let words = unsafe Self.text(PQerrorMessage(connection))
            throw Failure(
                .unreachable, "cannot reach the database server at \(shown)",
                hint: "check that it runs, and that psql reaches it with the same words from this machine", cause: words
            )
        }
        unsafe PQsetNoticeProcessor(
            connection,
            { box, text in
                guard let box = unsafe box, let text = unsafe text else { return }
                let notices = unsafe Unmanaged<Notices>.fromOpaque(box).takeUnretainedValue()
                if notices.texts.count < 50 { unsafe notices.texts.append(PostgresConnection.text(text)) }
            }, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit { unsafe PQfinish(handle) }

    /// The server's version as a number: 150018 is 15.18.
    var serverVersion: Int { Int(unsafe PQserverVersion(handle)) }
    /// Whether the session is still there, as far as libpq knows.
    var isAlive: Bool { unsafe PQstatus(handle) == CONNECTION_OK }
    /// What the server warned of since the last time this was asked, at most 50 texts.
    func takeNotices() -> [String] {
        defer { notices.texts = [] }
        return notices.texts
    }

    /// Takes in what the server said unasked, as it does before it ends a session; it becomes notices.
    func listen() {
        _ = unsafe PQconsumeInput(handle)
        _ = unsafe PQisBusy(handle)
    }

    /// Runs statements whose answers do not matter.
    func execute(_ sql: String) throws(PostgresError) { _ = try query(sql) }

    /// Runs statements that may wait long; `checking` is called several times a second meanwhile, and throws to stop.
    func execute(_ sql: String, checking: () throws -> Void) throws { _ = try query(sql, checking: checking) }

    /// The same, with the answer of the last one.
    func query(_ sql: String, checking: () throws -> Void) throws -> PostgresRows {
        let text = CString(sql)
        guard unsafe PQsendQuery(handle, text.pointer) == 1 else { throw connectionError() }
        var first: PostgresError?
        var answer = PostgresRows(columns: 0, cells: [])
        while true {
            try waitForAnswer(checking)
            guard let result = unsafe PQgetResult(handle) else { break }
            defer { unsafe PQclear(result) }
            let status = unsafe PQresultStatus(result)
            if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY {
                answer = unsafe Self.rows(of: result)
            } else if [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) {
                // It would be answered the same again and again, until somebody takes the rows.
                cancel()
                throw PostgresError(
                    sqlState: "42601", message: "a COPY is no query", connectionLost: !isAlive)
            } else {
                first = unsafe first ?? error(of: result)
            }
        }
        if let first { throw first }
        return answer
    }

    /// Waits until an answer is there; when `checking` throws, the server is told to stop.
    func waitForAnswer(_ checking: () throws -> Void) throws {
        do {
            while unsafe PQisBusy(handle) == 1 {
                try unsafe Readiness.waitToRead(PQsocket(handle), idle: checking)
                if unsafe PQconsumeInput(handle) != 1 { throw connectionError() }
            }
        } catch {
            cancel()
            throw error
        }
    }

    /// Runs a statement; of several, the answer is the last one's.
    func query(_ sql: String) throws(PostgresError) -> PostgresRows {
        let text = CString(sql)
        guard let result = unsafe PQexec(handle, text.pointer) else { throw connectionError() }
        defer { unsafe PQclear(result) }
        let status = unsafe PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY else {
            throw unsafe error(of: result)
        }
        return unsafe Self.rows(of: result)
    }

    /// One text: the first column of the only row, empty for NULL or no row.
    func value(_ sql: String) throws(PostgresError) -> String {
        let rows = try query(sql)
        return rows.count == 0 ? "" : rows[0, 0]
    }

    /// Asks the server to stop what this session is doing, and waits until it has.
    func cancel() {
        if let cancel = unsafe PQgetCancel(handle) {
            var words = [CChar](repeating: 0, count: 256)
            _ = unsafe PQcancel(cancel, &words, 256)
            unsafe PQfreeCancel(cancel)
        }
        drain()
    }

    /// Takes every answer that is still under way.
    func drain() {
        while let result = unsafe PQgetResult(handle) {
            let status = unsafe PQresultStatus(result)
            unsafe PQclear(result)
            if status == PGRES_COPY_OUT {
                var row: UnsafeMutablePointer<CChar>?
                while unsafe PQgetCopyData(handle, &row, 0) > 0 { unsafe PQfreemem(row) }
            } else if status == PGRES_COPY_IN {
                _ = unsafe PQputCopyEnd(handle, "stopped")
            }
            if !isAlive { break }
        }
    }

    /// What the server says in an answer that is an error.
    func error(of result: OpaquePointer) -> PostgresError {
        func field(_ letter: Unicode.Scalar) -> String? {
            unsafe PQresultErrorField(result, Int32(letter.value)).map { unsafe Self.text($0) }
        }
        let fallback = unsafe Self.text(PQresultErrorMessage(result))
        let state = field("C") ?? ""
        // A session that the server ends says so first, and is gone only after that.
        let ended = ["57P", "08"].contains { state.hasPrefix($0) } || state == "25P03"
        return PostgresError(
            sqlState: state, message: field("M") ?? fallback,
            detail: field("D"), hint: field("H"), context: field("W"),
            connectionLost: ended || (state.isEmpty ? hasEnded() : !isAlive))
    }

    /// What libpq says when there is no answer at all.
    func connectionError() -> PostgresError {
        let words = unsafe Self.text(PQerrorMessage(handle))
        return PostgresError(sqlState: "", message: words, connectionLost: hasEnded())
    }

    /// Whether the session is gone. After a write that failed libpq still calls it well, until it reads the end.
    private func hasEnded() -> Bool {
        for _ in 0..<4 where isAlive {
            if unsafe PQconsumeInput(handle) == 0 { break }
        }
        return !isAlive
    }

    /// Takes a `postgres://` URI apart, with libpq's own rules. Knows no default.
    static func options(ofURI uri: String) throws(Failure) -> [PostgresLocation.Option] {
        let text = CString(uri)
        var complaint: UnsafeMutablePointer<CChar>?
        guard let list = unsafe PQconninfoParse(text.pointer, &complaint) else {
            let words = unsafe complaint.map { unsafe Self.text($0) } ?? "no memory"
            unsafe PQfreemem(complaint)
            throw Failure(.usage, "this is no database location: \(uri)", cause: words)
        }
        defer { unsafe PQconninfoFree(list) }
        var options: [PostgresLocation.Option] = []
        var next = unsafe list
        while let keyword = unsafe next.pointee.keyword {
            if let value = unsafe next.pointee.val {
                unsafe options.append(.init(String(cString: keyword), String(cString: value)))
            }
            unsafe next += 1
        }
        return options
    }

    private static func rows(of result: OpaquePointer) -> PostgresRows {
        let rows = unsafe PQntuples(result)
        let columns = unsafe PQnfields(result)
        var cells: [String?] = []
        cells.reserveCapacity(Int(rows) * Int(columns))
        for row in 0..<rows {
            for column in 0..<columns {
                if unsafe PQgetisnull(result, row, column) == 1 {
                    cells.append(nil)
                } else {
                    unsafe cells.append(String(cString: PQgetvalue(result, row, column)))
                }
            }
        }
        return PostgresRows(columns: Int(columns), cells: cells)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer = unsafe pointer else { return "" }
        let text = unsafe String(cString: pointer)
        return text.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: " / ")
    }
}
