import Platform

/// What is left to do when the rows of a database are loaded: indexes and constraints, statistics, and the verification
/// where it is wanted. Rows are read back from the beginning on, beside all of it: neither alone keeps the server busy.
struct PostgresCompletion {
    let restore: PostgresRestore
    let source: PostgresDatabaseManifest
    /// The name that the database has now.
    let name: String
    let archive: PostgresArchive?
    /// The sessions that loaded the rows.
    let sessions: PostgresWorkers

    private typealias Outcome = PostgresComparison.Outcome

    /// What came out of a stretch of work, and when it was done.
    private struct Stretch<Value: Sendable>: Sendable {
        var begin: Double
        var end: Double
        var value: Value
    }

    /// Does it. What fails first stops what is done beside it, and is what is thrown.
    func run(_ outcome: inout PostgresRestoreOutcome) throws {
        let stop = StoppableCancellation(restore.cancellation)
        let comparison = comparison(stop)
        if comparison == nil { sessions.endIdle() }
        let sharing = PostgresJobs(restore.options.jobs)
        let analysis = PostgresAnalysis(
            place: restore.place, database: name, jobs: restore.options.jobs, searchPath: source.facts.searchPath,
            cancellation: stop)
        let sums = SharedList<Stretch<Outcome>>([])
        let analysed = SharedList<Stretch<[Finding]>>([])
        var structure: Stretch<Outcome>?
        try ThreadScope.run { scope in
            scope.whenFailing { stop.stop() }
            if let comparison {
                scope.start("checksums") {
                    sums.append(try self.stretch { try comparison.checksums(beside: sharing, in: self.sessions) })
                }
            }
            if let archive {
                let made = try stretch { try define(archive, comparison == nil ? nil : sharing, stop) }
                outcome.add(made.end - made.begin, to: "indexes and constraints")
                outcome.findings += made.value
            }
            scope.start("analysis") { analysed.append(try self.stretch { try analysis.run() }) }
            structure = try comparison.map { comparison in try stretch { try comparison.structure() } }
        }
        outcome.findings += coverage
        for made in analysed.all {
            outcome.add(made.end - made.begin, to: "statistics")
            outcome.findings += made.value
        }
        if let sums = sums.all.first, let structure { judge(sums, structure, &outcome) }
    }

    private func comparison(_ stop: StoppableCancellation) -> PostgresComparison? {
        restore.options.verificationKey.map { key in
            PostgresComparison(
                source, of: restore.manifest, in: restore.place, database: name, rowHashKey: key,
                jobs: restore.options.jobs, binariesDirectory: restore.options.binariesDirectory, cancellation: stop)
        }
    }

    private func define(
        _ archive: PostgresArchive, _ sharing: PostgresJobs?, _ stop: StoppableCancellation
    ) throws -> [Finding] {
        var archive = archive
        archive.cancellation = stop
        var rows: [[UInt8]: UInt64] = [:]
        for table in source.tables { rows[Array(table.table.quoted.utf8)] = table.rows }
        return try PostgresPostData(
            archive: archive, searchPath: source.facts.searchPath, rows: rows, sharing: sharing
        ).restore()
    }

    /// What the snapshot does not have.
    private var coverage: [Finding] {
        source.coverage.missing.map {
            Finding(.missing, "\(name): \($0.object)", "it is not in the snapshot: \($0.reason)")
        } + source.coverage.leftOut.map { Finding(.notice, "\(name): \($0.object)", $0.reason) }
    }

    /// Tells what is not in the server as the source's manifest says. The verification took the time in which one of
    /// its two halves was at work.
    private func judge(
        _ sums: Stretch<Outcome>, _ structure: Stretch<Outcome>, _ outcome: inout PostgresRestoreOutcome
    ) {
        let after = max(0, structure.end - max(sums.end, structure.begin))
        outcome.add(sums.end - sums.begin + after, to: "verification")
        outcome.findings += (sums.value.differences + structure.value.differences).map {
            Finding(.missing, "\(name): \($0.object)", "verification: \($0.sentence)")
        }
        outcome.findings += structure.value.notices.map {
            Finding(.notice, "\(name): \($0.object)", "verification: \($0.sentence)")
        }
    }

    private func stretch<Value: Sendable>(_ body: () throws -> Value) throws -> Stretch<Value> {
        let begin = restore.clock.monotonicSeconds()
        let value = try body()
        return Stretch(begin: begin, end: restore.clock.monotonicSeconds(), value: value)
    }
}
