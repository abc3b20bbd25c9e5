import Formats
import Platform

/// Restores one table, or one schema, of a database into a server: its definitions, rows, sequences, indexes and
/// constraints, and the types and functions that it needs and that are not there.
///
/// All of it is one transaction: a restore that fails or is killed leaves the database as it was, and what it replaces
/// stays until the new is whole.
package struct PostgresPartRestore: Sendable {
    private let restore: PostgresRestore
    private let part: PostgresPart
    /// The part as a person named it.
    private let shown: String

    /// Whether the names behind a database's are those of a table, or a schema, and not of another file.
    package static func isPart(_ path: [[UInt8]]) -> Bool { PostgresPart(path) != nil }

    /// Plans a restore of `path`, the names that follow the database's in an item's address.
    package init(
        _ tree: any CapturedTree, database: String, path: [[UInt8]], into place: PostgresLocation,
        options: PostgresRestore.Options, clock: any Clock = SystemClock(),
        cancellation: any Cancellation = NeverCancelled()
    ) throws {
        guard let part = PostgresPart(path) else {
            throw Failure(.usage, "this is no table and no schema of the database \(database)")
        }
        self.part = part
        shown = "\(part.isSchema ? "schema" : "table") \(part.name)"
        restore = try PostgresRestore(
            tree, databases: [database], into: place, options: options, clock: clock, cancellation: cancellation)
    }

    private var source: PostgresDatabaseManifest { restore.databases[0].source }
    private var name: String { restore.databases[0].name }

    /// Looks at the server as `run` would, and changes nothing.
    package func preflight() throws -> [Finding] {
        let preparation = try PostgresPreparation(restore)
        return try demandReady(preparation, try plan(preparation))
    }

    /// Runs it. Throws when something is in the way (`.refused`), and when the table cannot be made or filled: nothing
    /// has changed then.
    package func run() throws -> PostgresRestoreOutcome {
        var outcome = PostgresRestoreOutcome()
        let preparation = try PostgresPreparation(restore)
        let entrance = preparation.entrance
        outcome.serverVersion = try telling("cannot ask the server") { try entrance.value("SHOW server_version") }
        let begun = restore.clock.monotonicSeconds()
        let plan = try plan(preparation)
        outcome.findings = try demandReady(preparation, plan)
        outcome.findings += without(rows: plan).map { Finding(.notice, "\(name): \($0.object)", $0.reason) }
        if restore.options.globals, restore.manifest.hasGlobals {
            outcome.findings += try PostgresRoles.restore(preparation.globals, with: entrance)
        }
        let target = restore.target(0, entrance)
        if try !target.exists() {
            // Until the table is there it is an empty database, which the next run takes.
            outcome.findings += try target.make(overwrite: false, marking: false)
            outcome.findings += try PostgresTarget.settle([target], with: entrance)
        }
        outcome.add(restore.clock.monotonicSeconds() - begun, to: "preflight")
        let loader = PostgresPartLoader(plan: plan, restore: restore, database: name, isSchema: part.isSchema)
        try loader.run(&outcome)
        if let key = restore.options.verificationKey {
            let comparison = PostgresComparison(
                plan.source, of: restore.manifest, in: restore.place, database: name, rowHashKey: key,
                jobs: restore.options.jobs, cancellation: restore.cancellation)
            outcome.findings += try comparison.checksums().differences.map {
                Finding(.missing, "\(name): \($0.object)", "verification: \($0.sentence)")
            }
        }
        outcome.databases = [name]
        return outcome
    }

    // MARK: Before anything is changed

    private func plan(_ preparation: PostgresPreparation) throws -> PostgresPartPlan {
        guard let archive = preparation.archives[0] else {
            throw Failure(.usage, "the snapshot holds no definitions of \(source.name): no part of it can be restored")
        }
        let list = try archive.list()
        let choice = PostgresChoice(part, from: try archive.objects(list))
        guard !choice.own.isEmpty else {
            let known = source.tables.prefix(5).map(\.directory).joined(separator: ", ")
            throw Failure(
                .usage, "the database \(source.name) of the snapshot has no \(shown)",
                hint: "a table is tables/SCHEMA.TABLE, a schema is tables/SCHEMA: it holds \(known)")
        }
        var plan = PostgresPartPlan(source: source, archive: archive, choice: choice, list: list)
        plan.afterRows = Set(try archive.list(section: "post-data").items.compactMap(\.number))
        return plan
    }

    private func demandReady(_ preparation: PostgresPreparation, _ plan: PostgresPartPlan) throws -> [Finding] {
        let exists = try restore.target(0, preparation.entrance).exists()
        var wanted = plan.source
        if exists { wanted.facts.forgetProperties() }
        var options = restore.options
        options.overwrite = false
        options.verificationKey = nil
        var answer = try PostgresPreflight(
            manifest: restore.manifest,
            databases: [(wanted, name, try plan.archive.roles(of: plan.items))], place: restore.place,
            entrance: preparation.entrance, options: options, made: preparation.madeRoles, isPart: true
        ).run()
        if exists { try checkPlace(plan, &answer) }
        return try preparation.settle(answer)
    }

    /// The tables that are restored, of whose rows the snapshot knows that it does not have them.
    private func without(rows plan: PostgresPartPlan) -> [PostgresCoverage.Item] {
        let names = Set(plan.choice.tables.map { $0.joined(separator: ".") })
        return (source.coverage.leftOut + source.coverage.missing).filter { names.contains($0.object) }
    }

    /// What is there under the names of what is restored.
    private func checkPlace(_ plan: PostgresPartPlan, _ answer: inout PostgresPreflight.Answer) throws {
        let inside = try PostgresSession.writing(restore.place, database: name)
        func refuse(_ sentence: String, _ hint: String) {
            answer.obstacles.append(
                PostgresObstacle(object: name, sentence: sentence, hint: hint, isAbsolute: true))
        }
        try telling("cannot look into the database \(name)") {
            if part.isSchema {
                let schemas = Set(
                    plan.choice.objects.filter { plan.choice.own.contains($0.number) }.compactMap(\.schema))
                for schema in schemas {
                    let held = try inside.value(
                        """
                        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = \(PostgresText.literal(schema)) ORDER BY 1 LIMIT 1
                        """)
                    if held.isEmpty { continue }
                    refuse(
                        "the schema \(schema) of \(name) is not empty: it holds \(held)",
                        "drop the schema yourself first (things in other schemas may go with it), or take another "
                            + "database")
                }
                return
            }
            guard !restore.options.overwrite else {
                for item in without(rows: plan) {
                    refuse(
                        "the snapshot does not hold the rows of \(item.object), and those that are there would go: "
                            + item.reason, "take another database")
                }
                return
            }
            for table in plan.choice.tables.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                let quoted = PostgresText.literal(PostgresText.identifier(table[0], table[1]))
                if try inside.value("SELECT to_regclass(\(quoted))").isEmpty { continue }
                refuse(
                    "the database \(name) has a \(table[0]).\(table[1])",
                    "rename that, take another database, or say --overwrite always to replace it")
            }
        }
    }
}
