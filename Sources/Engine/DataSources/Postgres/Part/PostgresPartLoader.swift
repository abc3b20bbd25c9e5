import Entries
import Formats
import Platform

/// Makes and fills one table, or one schema, in one transaction.
struct PostgresPartLoader {
    let plan: PostgresPartPlan
    let restore: PostgresRestore
    let database: String
    /// A schema goes on without what is refused; a table is whole or not there.
    let isSchema: Bool

    private static let duplicates: Set<String> = ["42P06", "42710", "42723", "42P07"]
    /// What is not found, by an empty search path or because it is not there.
    private static let notFound: Set<String> = ["42P01", "42883", "42704", "3F000"]

    /// Does it; what could not be made as it was is a finding.
    func run(_ outcome: inout PostgresRestoreOutcome) throws {
        let connection = try PostgresSession.writing(restore.place, database: database)
        do {
            try connection.execute("BEGIN")
            try replace(with: connection)
            let objects = Dictionary(plan.choice.objects.map { ($0.number, $0) }) { first, _ in first }
            var made: Set<Int> = []
            func make(_ isAfter: Bool, _ outcome: inout PostgresRestoreOutcome) throws {
                for item in plan.items {
                    guard let number = item.number, let object = objects[number],
                        plan.afterRows.contains(number) == isAfter
                    else { continue }
                    try restore.cancellation.check()
                    if try self.make(object, item, with: connection, &outcome.findings) { made.insert(number) }
                }
            }
            try timed("definitions", &outcome) { try make(false, &$0) }
            try timed("rows", &outcome) { try load(with: connection, &$0) }
            try timed("sequences", &outcome) { outcome in
                let names = Set(made.compactMap { objects[$0] }.map { [$0.schema ?? "", $0.name] })
                for sequence in plan.source.sequences where names.contains([sequence.schema, sequence.name]) {
                    try connection.execute("SELECT \(sequence.setting)")
                }
            }
            try timed("indexes and constraints", &outcome) { try make(true, &$0) }
            for table in plan.source.tables { try connection.execute("ANALYZE \(table.table.quoted)") }
            try connection.execute("SET LOCAL synchronous_commit = on; COMMIT")
        } catch let error as PostgresError {
            throw error.failure("cannot restore into \(database), where nothing was changed")
        }
    }

    /// Drops what is to be replaced. What others depend on stays, and is a refusal.
    private func replace(with connection: PostgresConnection) throws {
        guard restore.options.overwrite, !isSchema else { return }
        let names = plan.choice.tables.map { PostgresText.identifier($0[0], $0[1]) }.sorted()
        do throws(PostgresError) {
            try connection.execute("DROP TABLE IF EXISTS \(names.joined(separator: ", "))")
        } catch {
            guard error.sqlState == "2BP01" else { throw error }
            throw Failure(
                .refused, "others depend on what would be replaced in \(database), and nothing was changed",
                hint: "drop them first, or restore into another database and copy the rows over", cause: error.words)
        }
    }

    /// Makes one object; false when it was there, or could not be made.
    private func make(
        _ object: PostgresArchiveObject, _ item: PostgresArchiveList.Item, with connection: PostgresConnection,
        _ findings: inout [Finding]
    ) throws -> Bool {
        let sql = Self.plain(try plan.archive.text(of: item))
        guard let first = try attempt(sql, with: connection) else { return true }
        let isOwn = plan.choice.own.contains(object.number)
        if Self.duplicates.contains(first.sqlState), !isOwn || object.type == "SCHEMA" { return false }
        let shown = "\(database): \(object.shown)"
        if Self.notFound.contains(first.sqlState) {
            let ownerless = Self.plain(try plan.archive.text(of: item, more: ["--no-owner"]))
            if ownerless != sql, try attempt(ownerless, with: connection) == nil {
                findings.append(Finding(.missing, shown, "made without its owner: \(first.words)"))
                return true
            }
            let path = PostgresText.literal(plan.source.facts.searchPath)
            let found = "set_config('search_path', \(path), false)"
            if let mark = sql.firstRange(of: "set_config('search_path', '', false)"), path != "''",
                try attempt(sql[..<mark.lowerBound] + found + sql[mark.upperBound...], with: connection) == nil
            {
                try connection.execute("SET search_path = ''")
                findings.append(
                    Finding(.notice, shown, "could be made only with the database's own search path"))
                return true
            }
        }
        if object.type == "TABLE", !isSchema {
            throw first.failure("cannot make \(object.shown) in \(database), where nothing was changed")
        }
        findings.append(Finding(.missing, shown, first.words))
        return false
    }

    /// Runs statements as one; nil when the server took them.
    private func attempt(_ sql: some StringProtocol, with connection: PostgresConnection) throws -> PostgresError? {
        do throws(PostgresError) {
            try connection.execute("SAVEPOINT salvor")
            try connection.execute(String(sql))
            try connection.execute("RELEASE SAVEPOINT salvor")
            return nil
        } catch {
            if error.connectionLost { throw error }
            try connection.execute("ROLLBACK TO SAVEPOINT salvor; RELEASE SAVEPOINT salvor")
            return error
        }
    }

    private func load(with connection: PostgresConnection, _ outcome: inout PostgresRestoreOutcome) throws {
        for table in plan.source.tables {
            let begun = restore.clock.monotonicSeconds()
            var measure = PostgresRestoreOutcome.Table(
                name: "\(database): \(table.shown)", seconds: 0, bytes: table.bytes, rows: 0)
            do {
                try connection.execute("SAVEPOINT salvor")
                measure.rows = try copy(table, with: connection)
                try connection.execute("RELEASE SAVEPOINT salvor")
            } catch let error as PostgresError {
                guard isSchema, !error.connectionLost else {
                    throw error.failure("cannot load \(table.shown) into \(database), where nothing was changed")
                }
                connection.drain()
                try connection.execute("ROLLBACK TO SAVEPOINT salvor; RELEASE SAVEPOINT salvor")
                outcome.findings.append(
                    Finding(.missing, measure.name, "its rows were refused: \(error.words)"))
            }
            measure.seconds = restore.clock.monotonicSeconds() - begun
            outcome.tables.append(measure)
        }
    }

    private func copy(_ table: PostgresTableManifest, with connection: PostgresConnection) throws -> UInt64 {
        var rows: UInt64 = 0
        let folder = [plan.source.directory, "tables", table.directory].map { Array($0.utf8) }
        for part in try restore.tree.children(of: folder) {
            try connection.beginCopy(table.table.copyIn(encoding: plan.source.facts.encoding))
            try restore.tree.read(folder + [part.name]) { piece in
                try restore.cancellation.check()
                try connection.put(piece)
            }
            rows += try connection.endPut()
        }
        return rows
    }

    /// What psql alone understands stands in the first and in the last lines.
    private static func plain(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if let first = lines.firstIndex(where: { $0.hasPrefix("\\restrict ") }) { lines.remove(at: first) }
        if let last = lines.lastIndex(where: { $0.hasPrefix("\\unrestrict ") }) { lines.remove(at: last) }
        return lines.joined(separator: "\n")
    }

    private func timed(
        _ stage: String, _ outcome: inout PostgresRestoreOutcome, _ body: (inout PostgresRestoreOutcome) throws -> Void
    ) throws {
        let start = restore.clock.monotonicSeconds()
        defer { outcome.add(restore.clock.monotonicSeconds() - start, to: stage) }
        try body(&outcome)
    }
}
