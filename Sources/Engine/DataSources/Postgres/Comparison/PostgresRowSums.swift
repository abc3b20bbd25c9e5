import Platform
import Sealing

/// Reads whole tables of a server through COPY and adds up their rows' hashes, several parts at a time.
final class PostgresRowSums: @unchecked Sendable {
    private struct Piece: Sendable {
        var table: Int
        var part: Int
        var parts: Int
        var bytes: Int64
    }

    private let tables: [PostgresTable]
    private let encoding: String
    private let sessions: PostgresWorkers
    private let database: String
    private let key: [UInt8]
    private let jobs: Int
    private let sharing: PostgresJobs
    private let cancellation: any Cancellation
    private let lock = Lock()
    private var sums: [Result<PostgresLedger.Tally, PostgresError>]

    /// Takes the tables to read; their columns and conditions are those of the source. `sharing` says how many of the
    /// sessions may be at work.
    init(
        _ tables: [PostgresTable], encoding: String, sessions: PostgresWorkers, database: String, key: [UInt8],
        jobs: Int, sharing: PostgresJobs, cancellation: any Cancellation
    ) {
        self.tables = tables
        self.encoding = encoding
        self.sessions = sessions
        self.database = database
        self.key = key
        self.jobs = jobs
        self.sharing = sharing
        self.cancellation = cancellation
        sums = tables.map { _ in .success(.init()) }
    }

    /// The sums in the order of the tables; a table that cannot be read has its error instead.
    func run() throws -> [Result<PostgresLedger.Tally, PostgresError>] {
        let work = SharedList(try plan())
        try ThreadScope.run { scope in
            scope.whenFailing { work.cut() }
            for number in 0..<max(1, jobs) {
                scope.start("sum-\(number)") { try self.work(work) }
            }
        }
        sessions.endIdle()
        return lock.locked { sums }
    }

    /// Big tables in parts, the largest first: here the parts are those of the restored table, not the source's.
    private func plan() throws -> [Piece] {
        let scout = try sessions.take()
        let (there, blockBytes, objectBytes) = try telling("cannot list the tables of \(database)") {
            (
                try PostgresCatalog.tables(scout, sizes: true, checking: cancellation.check),
                Int64(try scout.value("SHOW block_size")) ?? 8192,
                Int64(try scout.value("SELECT pg_relation_size('pg_largeobject')")) ?? 0
            )
        }
        defer { sessions.giveBack(scout) }
        var sizes: [String: PostgresTable] = [:]
        for table in there { sizes[table.quoted] = table }
        sizes[PostgresTable.largeObjects(bytes: 0).quoted] = .largeObjects(bytes: objectBytes)
        var pieces: [Piece] = []
        for (index, table) in tables.enumerated() {
            var sized = table
            sized.bytes = sizes[table.quoted]?.bytes ?? 0
            sized.isHeap = sizes[table.quoted]?.isHeap ?? false
            let parts = sized.parts(serverVersion: scout.serverVersion, blockBytes: blockBytes)
            for part in 0..<parts { pieces.append(Piece(table: index, part: part, parts: parts, bytes: sized.bytes)) }
        }
        return pieces.sorted { ($0.bytes, $1.table, $1.part) > ($1.bytes, $0.table, $0.part) }
    }

    private func work(_ list: SharedList<Piece>) throws {
        let connection = try sessions.take()
        var buffer = Buffer(capacity: 256 << 10)
        while try sharing.read({
            guard let piece = list.next() else { return false }
            try read(piece, with: connection, into: &buffer)
            return true
        }) {}
    }

    private func read(_ piece: Piece, with connection: PostgresConnection, into buffer: inout Buffer) throws {
        let table = tables[piece.table]
        do {
            var hash = RowHash(key: key)
            try connection.beginCopy(
                table.copyOut(part: piece.part, of: piece.parts, encoding: encoding), checking: cancellation.check)
            let rows = PostgresCopyOut(connection)
            while try rows.read(into: &buffer, hash: &hash, idle: { try cancellation.check() }) > 0 {
                buffer.clear()
                try cancellation.check()
            }
            add(hash, to: piece.table)
        } catch let error as PostgresError {
            if error.connectionLost { throw error.failure("cannot read the table \(table.shown) of \(database)") }
            lock.locked { sums[piece.table] = .failure(error) }
        }
    }

    private func add(_ hash: RowHash, to table: Int) {
        lock.locked {
            guard case .success(var sum) = sums[table] else { return }
            sum.rows += hash.count
            sum.sum &+= hash.sum
            sums[table] = .success(sum)
        }
    }
}
