import Entries
import Formats
import Platform

/// Loads the rows of one database by COPY, several parts at a time, the largest first.
final class PostgresRowLoader: @unchecked Sendable {
    private struct Piece: Sendable {
        var table: Int
        var path: [[UInt8]]
        var bytes: UInt64
    }

    private let tree: any CapturedTree
    private let source: PostgresDatabaseManifest
    private let sessions: PostgresWorkers
    private let database: String
    private let jobs: Int
    /// Whether all rows are read back from the server afterwards, and compared.
    private let isVerified: Bool
    private let clock: any Clock
    private let cancellation: any Cancellation
    private let lock = Lock()
    private var times: [PostgresRestoreOutcome.Table]
    private var findings: [Finding] = []
    private var refused: [(piece: Piece, finding: Finding)] = []

    /// Missing objects: what a function finds in its owner's search path and not in an empty one.
    private static let notFound = ["42P01", "42883", "42704", "3F000"]
    /// Emptying a table costs the server about a millisecond: below so many bytes that is more than it saves.
    private static let freezingBytes: UInt64 = 1 << 20
    /// Rows are sent together up to here.
    private static let messageBytes = 64 << 10
    /// A row that does not belong into this partition, too.
    private static let checkViolation = "23514"

    init(
        tree: any CapturedTree, source: PostgresDatabaseManifest, sessions: PostgresWorkers, database: String,
        jobs: Int, isVerified: Bool, clock: any Clock, cancellation: any Cancellation
    ) {
        self.tree = tree
        self.source = source
        self.sessions = sessions
        self.database = database
        self.jobs = jobs
        self.isVerified = isVerified
        self.clock = clock
        self.cancellation = cancellation
        times = source.tables.map { .init(name: "\(database): \($0.shown)", seconds: 0, bytes: 0, rows: 0) }
    }

    /// Loads everything. A table that the server refuses is a finding; the others go on.
    func run() throws -> (tables: [PostgresRestoreOutcome.Table], findings: [Finding]) {
        var pieces = try plan()
        pieces.sort { ($0.bytes, $1.path.description) > ($1.bytes, $0.path.description) }
        try load(pieces.filter { !source.tables[$0.table].callsFunctions }, withObjects: source.largeObjects != nil)
        try load(pieces.filter { source.tables[$0.table].callsFunctions }, withObjects: false)
        try loadConfiguration()
        try loadRefused()
        return lock.locked { (times, findings) }
    }

    private func load(_ pieces: [Piece], withObjects: Bool) throws {
        let work = SharedList(pieces)
        try ThreadScope.run { scope in
            scope.whenFailing { work.cut() }
            if withObjects {
                scope.start("load-objects") { try self.loadLargeObjects() }
            }
            for number in 0..<min(max(1, jobs), pieces.count) {
                scope.start("load-\(number)") { try self.load(work) }
            }
        }
    }

    /// Loads what was refused once more, as long as that helps: a check may look into a table that was empty then.
    private func loadRefused() throws {
        var waiting = takeRefused()
        guard !waiting.isEmpty else { return }
        let connection = try sessions.take()
        while true {
            for (piece, _) in waiting {
                try cancellation.check()
                try load(piece, with: connection)
            }
            let left = takeRefused()
            if left.count == waiting.count { break }
            waiting = left
        }
        sessions.giveBack(connection)
        for (_, finding) in waiting { note(finding) }
    }

    private func takeRefused() -> [(piece: Piece, finding: Finding)] {
        lock.locked {
            defer { refused = [] }
            return refused
        }
    }

    private func plan() throws -> [Piece] {
        var pieces: [Piece] = []
        for (index, table) in source.tables.enumerated() where table.extensionName == nil {
            pieces += try parts(of: table, index)
        }
        return pieces
    }

    private func parts(of table: PostgresTableManifest, _ index: Int) throws -> [Piece] {
        let folder = [Array(source.directory.utf8), Array("tables".utf8), Array(table.directory.utf8)]
        return try tree.children(of: folder).map { Piece(table: index, path: folder + [$0.name], bytes: $0.size) }
    }

    private func load(_ work: SharedList<Piece>) throws {
        let connection = try sessions.take()
        while let piece = work.next() {
            try cancellation.check()
            try load(piece, with: connection)
        }
        sessions.giveBack(connection)
    }

    /// The tables in which extensions keep their configuration. They may refer to each other, and their constraints are
    /// there already: what is refused for that is tried again at the end.
    private func loadConfiguration() throws {
        guard source.tables.contains(where: { $0.extensionName != nil }) else { return }
        let connection = try sessions.take()
        for (index, table) in source.tables.enumerated() where table.extensionName != nil {
            for piece in try parts(of: table, index) { try load(piece, with: connection) }
        }
        sessions.giveBack(connection)
    }

    private func load(_ piece: Piece, with connection: PostgresConnection) throws {
        let table = source.tables[piece.table]
        let start = clock.monotonicSeconds()
        do {
            let rows = try attempt(piece, table, with: connection)
            let seconds = clock.monotonicSeconds() - start
            lock.locked {
                times[piece.table].rows += rows
                times[piece.table].bytes += piece.bytes
                times[piece.table].seconds += seconds
            }
        } catch let error as PostgresError {
            if error.connectionLost { throw error.failure("cannot load the table \(table.shown) into \(database)") }
            let finding = Finding(.missing, "\(database): \(table.shown)", "its rows were refused: \(error.words)")
            lock.locked { refused.append((piece, finding)) }
        }
    }

    private func attempt(
        _ piece: Piece, _ table: PostgresTableManifest, with connection: PostgresConnection
    ) throws -> UInt64 {
        let encoding = source.facts.encoding
        // In the transaction that empties the table, rows may be written as seen by everybody: nothing needs to visit
        // them again, and where the server keeps no log for replicas it logs none of them.
        // A partition by hash may have got rows by way of its root already. For a small table it is not worth it.
        let whole =
            table.parts == 1 && table.extensionName == nil && table.hashRoot.isEmpty
            && piece.bytes >= Self.freezingBytes
        let begin = whole ? "BEGIN; TRUNCATE ONLY \(table.table.quoted); " : "BEGIN; "
        let copy = table.table.copyIn(encoding: encoding, freezing: whole)
        do {
            return try transaction(begin + copy, piece.path, with: connection)
        } catch let error as PostgresError {
            if error.sqlState == Self.checkViolation, table.hashRoot.count == 2 {
                let root = PostgresText.identifier(table.hashRoot[0], table.hashRoot[1])
                return try transaction(
                    "BEGIN; " + table.table.copyIn(encoding: encoding, into: root), piece.path, with: connection)
            }
            guard Self.notFound.contains(error.sqlState), !source.facts.searchPath.isEmpty else { throw error }
            let path = PostgresText.literal(source.facts.searchPath)
            let rows = try transaction(
                "\(begin)SELECT set_config('search_path', \(path), true); \(table.table.copyIn(encoding: encoding))",
                piece.path, with: connection)
            note(
                Finding(
                    .notice, "\(database): \(table.shown)",
                    "could be loaded only with the database's own search path: a check or default uses a bare name"))
            return rows
        }
    }

    /// Runs statements that end in a COPY … FROM STDIN, sends a file of the snapshot, commits.
    private func transaction(
        _ sql: String, _ path: [[UInt8]], with connection: PostgresConnection, then more: [String] = []
    ) throws -> UInt64 {
        do {
            try connection.beginCopy(sql)
            // A message for each small chunk would wake the server for each.
            var message = Buffer(capacity: Self.messageBytes)
            try tree.read(path, isProvedLater: isVerified) { piece in
                try cancellation.check()
                if piece.count > message.room {
                    try connection.put(message.bytes)
                    message.clear()
                }
                if piece.count > message.room { try connection.put(piece) } else { message.append(piece) }
            }
            try connection.put(message.bytes)
            let rows = try connection.endPut()
            for statement in more { try connection.execute(statement) }
            try connection.execute("COMMIT")
            return rows
        } catch {
            connection.drain()
            _ = try? connection.execute("ROLLBACK")
            throw error
        }
    }

    /// The pages of large objects go into a temporary table, and from there into the objects, inside the server: one
    /// statement a part and not one a page. Objects that the definitions did not make are made first.
    private func loadLargeObjects() throws {
        guard let pages = source.largeObjects else { return }
        let connection = try sessions.take()
        let folder = [Array(source.directory.utf8), Array("large-objects".utf8)]
        do {
            for part in try tree.children(of: folder) {
                try cancellation.check()
                _ = try transaction(
                    """
                    BEGIN; CREATE TEMPORARY TABLE salvor_pages (loid oid, pageno integer, data bytea) ON COMMIT DROP; \
                    COPY pg_temp.salvor_pages FROM STDIN
                    """, folder + [part.name], with: connection,
                    then: [
                        """
                        SELECT lo_create(loid) FROM (SELECT DISTINCT loid FROM pg_temp.salvor_pages) p
                        WHERE NOT EXISTS (SELECT FROM pg_largeobject_metadata m WHERE m.oid = p.loid)
                        """,
                        "SELECT count(lo_put(loid, pageno * \(Self.pageBytes), data)) FROM pg_temp.salvor_pages",
                    ])
            }
        } catch let error as PostgresError {
            if error.connectionLost { throw error.failure("cannot load the large objects of \(database)") }
            note(
                Finding(
                    .missing, "\(database): large objects",
                    "\(Quantity.count(pages.rows, "page")) were refused: \(error.words)"))
        }
        sessions.giveBack(connection)
    }

    /// A page of a large object is a quarter of a block of 8 KiB.
    private static let pageBytes = "2048::bigint"

    private func note(_ finding: Finding) { lock.locked { findings.append(finding) } }
}
