import Formats
import Platform
import Sealing

/// Compares a restored database with what the source said of itself at capture.
///
/// Rows are asked from the restored server by the same COPY with the same settings, and hashed under the same key: a
/// changed, lost, added or doubled row is seen, whatever the order.
package struct PostgresComparison: Sendable {
    /// What was compared, and what is not equal.
    package struct Outcome: Sendable, Equatable {
        /// How many objects were compared.
        package var compared: UInt64 = 0
        package var differences: [Difference] = []
        /// What is another than it was and no fault of the copy: versions that the server brings.
        package var notices: [Difference] = []

        /// Whether everything is equal.
        package var isEqual: Bool { differences.isEmpty }
    }

    /// One object that is not what it was.
    package struct Difference: Sendable, Equatable {
        /// `public.orders`, `INDEX public.orders_pkey`, …
        package var object: String
        package var expected: String
        package var actual: String

        /// The difference in words, without the object.
        package var sentence: String { "expected \(expected), found \(actual)" }
    }

    let source: PostgresDatabaseManifest
    let sourceMajor: Int
    let place: PostgresLocation
    let database: String
    let key: [UInt8]
    let jobs: Int
    let binariesDirectory: String?
    let cancellation: any Cancellation

    /// Compares `database` in the server at `place` with what `manifest` says of `source`, one of its databases.
    package init(
        _ source: PostgresDatabaseManifest, of manifest: PostgresManifest, in place: PostgresLocation, database: String,
        rowHashKey: [UInt8], jobs: Int = 2, binariesDirectory: String? = nil,
        cancellation: any Cancellation = NeverCancelled()
    ) {
        self.source = source
        sourceMajor = manifest.major
        self.place = place
        self.database = database
        key = rowHashKey
        self.jobs = jobs
        self.binariesDirectory = binariesDirectory
        self.cancellation = cancellation
    }

    /// Counts the rows of every table, without reading them all through to us.
    package func rowCounts() throws -> Outcome {
        let connection = try PostgresSession.reading(place, database: database)
        var found: [Result<PostgresLedger.Tally, PostgresError>] = []
        for table in source.tables {
            try cancellation.check()
            do throws(PostgresError) {
                let count = try connection.value("SELECT count(*) FROM ONLY \(table.table.quoted) \(table.condition)")
                found.append(.success(.init(rows: UInt64(count) ?? 0)))
            } catch {
                if error.connectionLost { throw error.failure("cannot count the rows of \(table.shown)") }
                found.append(.failure(error))
            }
        }
        return compare(source.tables, found) { Quantity.count($0.rows, "row") }
    }

    /// Reads every row of every table, and the pages of all large objects, and compares counts and sums.
    package func checksums() throws -> Outcome {
        try checksums(
            beside: PostgresJobs(jobs), in: PostgresWorkers(place, database: database, making: PostgresSession.reading))
    }

    /// The same beside the building of indexes, by sessions that there are already.
    func checksums(beside sharing: PostgresJobs, in sessions: PostgresWorkers) throws -> Outcome {
        let relations = source.tables + [source.largeObjects].compactMap { $0 }
        let sums = try PostgresRowSums(
            relations.map { $0.table }, encoding: source.facts.encoding, sessions: sessions, database: database,
            key: key, jobs: jobs, sharing: sharing, cancellation: cancellation
        ).run()
        return compare(relations, sums) { tally in
            "\(Quantity.count(tally.rows, "row")), sum \(JSONValue.sum(tally.sum).text ?? "")"
        }
    }

    /// Compares what was found with what was expected, as `words` shows both. Partitions by hash count together: a row
    /// may rightly lie in another one than it did.
    private func compare(
        _ relations: [PostgresTableManifest], _ found: [Result<PostgresLedger.Tally, PostgresError>],
        _ words: (PostgresLedger.Tally) -> String
    ) -> Outcome {
        var keys: [(key: [UInt8], shown: String)] = []
        var groups: [[UInt8]: (expected: PostgresLedger.Tally, actual: PostgresLedger.Tally, error: PostgresError?)] =
            [:]
        for (relation, result) in zip(relations, found) {
            let names = relation.hashRoot.isEmpty ? [relation.schema, relation.name] : relation.hashRoot
            let key = Self.key(names)
            if groups[key] == nil {
                let isObjects = relation.schema == "pg_catalog"
                keys.append((key, isObjects ? "large objects" : names.joined(separator: ".")))
            }
            var group = groups[key] ?? (.init(), .init(), nil)
            group.expected.add(.init(rows: relation.rows, sum: relation.hash))
            switch result {
            case .success(let tally): group.actual.add(tally)
            case .failure(let error): group.error = error
            }
            groups[key] = group
        }
        var outcome = Outcome(compared: UInt64(relations.count))
        for (key, name) in keys {
            guard let group = groups[key] else { continue }
            let expected = words(group.expected)
            let actual = group.error.map(\.message) ?? words(group.actual)
            if expected != actual {
                outcome.differences.append(Difference(object: name, expected: expected, actual: actual))
            }
        }
        return outcome
    }

    /// Names by their bytes: texts that look alike are equal in Swift, and two tables for the server.
    private static func key(_ names: [String]) -> [UInt8] { Array(names.joined(separator: "\0").utf8) }

    /// Compares what is defined, what is valid, where sequences stand and how many large objects there are.
    package func structure() throws -> Outcome {
        var outcome = Outcome()
        let connection = try PostgresSession.reading(place, database: database)
        if let expected = source.structure { try compare(expected, with: connection, &outcome) }
        try telling("cannot read the catalogue of \(database)") {
            let invalid = try PostgresCatalog.invalidIndexes(connection)
            for index in invalid {
                outcome.differences.append(
                    Difference(object: "INDEX \(index)", expected: "a valid index", actual: "an invalid one"))
            }
            for constraint in try PostgresCatalog.unvalidatedConstraints(connection)
            where !source.unvalidatedConstraints.contains(constraint) {
                outcome.differences.append(
                    Difference(object: "CONSTRAINT \(constraint)", expected: "validated", actual: "not validated"))
            }
            outcome.notices = PostgresVersions(source.facts).differences(from: try PostgresFacts(connection))
            try compareSequences(with: connection, &outcome)
            let objects = try connection.value("SELECT count(*) FROM pg_largeobject_metadata")
            outcome.compared += 1
            if source.largeObjects != nil, objects != String(source.largeObjectCount) {
                outcome.differences.append(
                    Difference(object: "large objects", expected: String(source.largeObjectCount), actual: objects))
            }
        }
        return outcome
    }

    /// Definitions are compared by their hashes when the same major version printed them, else by their names alone.
    private func compare(
        _ expected: PostgresStructure, with connection: PostgresConnection, _ outcome: inout Outcome
    ) throws {
        let major = connection.serverVersion / 10_000
        let binaries = try PostgresBinaries.find(
            major: major, programs: PostgresBinaries.comparisonPrograms, given: binariesDirectory)
        let dump = PostgresSchemaDump(binaries: binaries, location: place, database: database, key: key)
        let stream = try PostgresSchemaStream(dump)
        var buffer = Buffer(capacity: 64 << 10)
        while try stream.read(into: &buffer) {
            try cancellation.check()
            buffer.clear()
        }
        let found = try stream.structure()
        let comparable = major == sourceMajor && source.tool.hasPrefix("pg_dump \(binaries.major).")
        for name in Set(expected.definitions.keys).union(found.definitions.keys).sorted() {
            outcome.compared += 1
            let shown = PostgresStructure.shown(name)
            switch (expected.definitions[name], found.definitions[name]) {
            case (.some(let one), .some(let other)):
                if !comparable || one == other { continue }
                outcome.differences.append(
                    Difference(object: shown, expected: "its definition", actual: "another definition"))
            case (.some, nil):
                outcome.differences.append(Difference(object: shown, expected: "its definition", actual: "nothing"))
            default:
                outcome.differences.append(Difference(object: shown, expected: "nothing", actual: "a definition"))
            }
        }
    }

    private func compareSequences(with connection: PostgresConnection, _ outcome: inout Outcome) throws {
        // A value that cannot be read is passed over inside a transaction.
        try connection.execute("BEGIN")
        let found = try PostgresCatalog.values(of: PostgresCatalog.sequences(connection), connection)
        try connection.execute("COMMIT")
        var byName: [[UInt8]: PostgresSequence] = [:]
        for sequence in found { byName[Self.key([sequence.schema, sequence.name])] = sequence }
        for expected in source.sequences {
            outcome.compared += 1
            guard let actual = byName[Self.key([expected.schema, expected.name])] else {
                outcome.differences.append(
                    Difference(
                        object: "SEQUENCE \(expected.shown)", expected: "value \(expected.lastValue)", actual: "nothing"
                    ))
                continue
            }
            if actual == expected { continue }
            outcome.differences.append(
                Difference(
                    object: "SEQUENCE \(expected.shown)", expected: Self.words(expected), actual: Self.words(actual)))
        }
    }

    private static func words(_ sequence: PostgresSequence) -> String {
        "value \(sequence.lastValue)\(sequence.isCalled ? "" : " not used yet")"
    }
}
