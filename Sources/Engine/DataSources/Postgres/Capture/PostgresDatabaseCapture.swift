import Entries
import Formats
import Platform

/// The capture of one database: its holder, its workers, what is to be read and what has been.
final class PostgresDatabaseCapture: @unchecked Sendable {
    /// Rows that are copied, in parts.
    struct Relation: Sendable {
        var table: PostgresTable
        var directory: String
        var parts: Int
    }

    let holder: PostgresHolder
    let workers: PostgresWorkers
    let facts: PostgresFacts
    let relations: [Relation]
    let ledger: PostgresLedger
    let sink: any CaptureSink
    let key: [UInt8]
    /// The name of the database's directory.
    let directory: String

    let binaries: PostgresBinaries
    let scope: PostgresScope
    /// The tables whose rows are not saved.
    let leftOut: PostgresLeftOut
    /// Where the pages of large objects stand in `relations`; nil when there are none, or we may not read them.
    private let largeObjects: Int?
    let largeObjectCount: UInt64
    private let isStandby: Bool
    /// `pg_dump`, when it is at work already.
    private var begun: PostgresSchemaContent.Begun?
    var coverage = PostgresCoverage()
    private var cuts = PostgresCuts(databaseBytes: 0)
    /// Whether the night before saved this database: only then does what is new tell anything.
    private var hasParent = false
    /// All sequences, as they were listed at the beginning: a right on one that is dropped later reads as none.
    private let sequences: [PostgresSequence]
    /// Sequences whose values our role may not read, or which this server does not have.
    var unreadableSequences: [PostgresSequence] { sequences.filter { !$0.isReadable || !$0.isThere } }

    /// Plans what is to be read under the holder's snapshot.
    init(
        _ holder: PostgresHolder, binaries: PostgresBinaries, sink: any CaptureSink, key: [UInt8],
        scope: PostgresScope = PostgresScope()
    ) throws {
        self.scope = scope
        self.holder = holder
        self.binaries = binaries
        self.sink = sink
        self.key = key
        workers = PostgresWorkers(holder.location, database: holder.database, making: PostgresSession.reading)
        directory = PostgresText.fileName([holder.database])
        let catalogue = "cannot read the catalogue of the database \(holder.database)"
        let (facts, blockBytes, objects, sequences) = try holder.with(catalogue) { connection in
            (
                try PostgresFacts(connection), Int64(try connection.value("SHOW block_size")) ?? 8192,
                try connection.query(
                    """
                    SELECT (SELECT count(*) FROM pg_largeobject_metadata), pg_relation_size('pg_largeobject'),
                        has_table_privilege('pg_largeobject', 'SELECT'), pg_is_in_recovery()
                    """), try PostgresCatalog.sequences(connection)
            )
        }
        self.facts = facts
        self.sequences = sequences
        largeObjectCount = UInt64(clamping: objects.number(0, 0))
        let leftOut = try holder.with(catalogue) { connection in
            try PostgresLeftOut(scope.excludedRows, of: holder.tables, connection)
        }
        self.leftOut = leftOut
        let readsObjects = largeObjectCount > 0 && objects.flag(0, 2)
        let isStandby = objects.flag(0, 3)
        self.isStandby = isStandby
        let rowTables = holder.tables.filter {
            $0.holdsRows && $0.isReadable && !leftOut.holds($0) && !$0.isFiltered
                && !(isStandby && $0.persistence == "u")
        }
        var directories: Set<String> = []
        var relations = rowTables.map { table in
            var name = PostgresText.fileName([table.schema, table.name])
            while !directories.insert(name).inserted { name += "~" }
            return Relation(
                table: table, directory: name,
                parts: table.parts(serverVersion: holder.serverVersion, blockBytes: blockBytes))
        }
        relations.sort { $0.directory.utf8.lexicographicallyPrecedes($1.directory.utf8) }
        largeObjects = readsObjects ? relations.count : nil
        if readsObjects {
            let pages = PostgresTable.largeObjects(bytes: objects.number(0, 1))
            relations.append(
                Relation(
                    table: pages, directory: "large-objects",
                    parts: pages.parts(serverVersion: holder.serverVersion, blockBytes: blockBytes)))
        }
        self.relations = relations
        ledger = PostgresLedger(partCounts: relations.map(\.parts))
    }

    /// Starts `pg_dump`, and waits until it has its locks. False when it cannot get them while we hold ours: this
    /// capture is to be given up, and another one begun.
    func beginDefinitions() throws -> Bool {
        let stream = try PostgresSchemaStream(try dump())
        let scout = try workers.take()
        let tables = holder.tables.count { $0.isReadable && $0.extensionName == nil }
        let holds = try telling("cannot see the locks of \(holder.database)") {
            try stream.holdsLocks(of: tables, asking: scout)
        }
        workers.giveBack(scout)
        if holds { begun = PostgresSchemaContent.Begun(stream) }
        return holds
    }

    private func dump() throws -> PostgresSchemaDump {
        let hidden = (holder.tables.filter { !$0.isReadable && $0.extensionName == nil } + holder.unlocked)
            .map(\.quoted)
        let catalogue = "cannot read the catalogue of the database \(holder.database)"
        let options = try holder.with(catalogue) { try PostgresSession.options($0) }
        return PostgresSchemaDump(
            binaries: binaries, location: holder.location, database: holder.database, snapshot: holder.snapshot,
            excluded: hidden, valueless: unreadableSequences.map(\.quoted), encoding: facts.encoding, options: options,
            lockSeconds: holder.lockSeconds, key: key)
    }

    /// Gives every entry of the database to the sink, and answers its manifest.
    func run() throws -> PostgresDatabaseManifest {
        try enter(directory, order: .any)
        try note(isStandby: isStandby, readsObjects: largeObjects != nil)
        let dump = try dump()
        let archive = PostgresEntry.file("schema.dump")
        let ledger = ledger
        let spool = PostgresArchiveSpool()
        try add(
            archive, PostgresSchemaContent(dump: dump, entry: archive, spool: spool, begun: begun) { ledger.note($0) })
        try findCuts()
        try enter("tables", order: .ascending)
        for index in relations.indices where index != largeObjects { try give(index) }
        try sink.leave()
        if let largeObjects { try give(largeObjects) }
        // Of a database that is not small the definitions have been read long before its last rows.
        let isEarly = spool.holdsWhole
        if isEarly, let death = holder.death() { throw death }
        var sections = isEarly ? try giveSections(spool) : nil
        try sink.settle()
        if let death = holder.death() { throw death }
        let manifest = try describe()
        learnCuts()
        try give(PostgresCuts.fileName, cuts.json)
        try give("sequences.json", PostgresDatabaseManifest.json(manifest.sequences))
        try give("manifest.json", manifest.json)
        if manifest.structure != nil, !isEarly { sections = try giveSections(spool) }
        if let sections { try giveScript(manifest, sections) }
        try sink.leave()
        return manifest
    }

    private func give(_ relation: Int) throws {
        let parts = relations[relation].parts
        try enter(relations[relation].directory, order: .ascending)
        for part in 0..<parts {
            var entry = PostgresEntry.file(Self.partName(part, of: parts))
            // About as large as its blocks: the sink hands large contents to different readers.
            entry.size = UInt64(clamping: relations[relation].table.bytes / Int64(parts))
            try add(
                entry,
                PostgresTableContent(
                    capture: self, entry: entry, relation: relation, part: part,
                    averageBytes: cuts[Self.name(relations[relation].table)]))
        }
        try sink.leave()
    }

    private static func name(_ table: PostgresTable) -> PostgresCuts.Name {
        PostgresCuts.Name(schema: table.schema, table: table.name)
    }

    /// Rows, with the pages of large objects; their text is of about the same size.
    private var bytes: Int64 { relations.reduce(0) { $0 + $1.table.bytes } }

    /// Tables are cut as they were the night before; of a new database nobody knows yet which of them change.
    private func findCuts() throws {
        let known = try sink.parentBytes(of: Array(PostgresCuts.fileName.utf8))
        let parents = known.flatMap { try? JSONParser.parse($0) }.flatMap { PostgresCuts($0) }
        hasParent = parents != nil
        cuts = parents ?? PostgresCuts(databaseBytes: bytes)
    }

    private func learnCuts() {
        cuts.keep(Set(relations.map { Self.name($0.table) }))
        guard hasParent else { return }
        for (index, relation) in relations.enumerated() {
            guard let tally = ledger.total(relation: index) else { continue }
            cuts.learn(
                Self.name(relation.table), bytes: tally.bytes, newBytes: tally.newBytes, databaseBytes: bytes)
        }
    }

    private func give(_ name: String, _ json: JSONValue) throws {
        let entry = PostgresEntry.file(name)
        let bytes = JSONWriter.bytes(json, indented: true) + [UInt8(ascii: "\n")]
        try add(entry, PostgresBytes(entry: entry, bytes: bytes))
    }

    private func enter(_ name: String, order: ChildOrder) throws {
        try sink.checkCancellation()
        try sink.enter(PostgresEntry.directory(name), order: order)
    }

    func add(_ entry: Entry, _ content: any ContentSource) throws {
        try sink.checkCancellation()
        try sink.add(entry, content: content)
    }

    /// `part-0000.copy`; more digits where there are more parts, so that the names' order is the parts'.
    static func partName(_ part: Int, of parts: Int) -> String {
        let width = max(4, String(parts - 1).utf8.count)
        let digits = String(part)
        return "part-" + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits + ".copy"
    }

    /// What came out, after every content has been read; sequences are read here, because they follow no snapshot.
    private func describe() throws -> PostgresDatabaseManifest {
        var manifest = PostgresDatabaseManifest(facts: facts, directory: directory)
        for (index, relation) in relations.enumerated() {
            guard let tally = ledger.total(relation: index) else {
                let name = index == largeObjects ? "large objects" : relation.table.shown
                coverage.missing.append(.init(name, "could not be read to the end"))
                continue
            }
            let table = PostgresTableManifest(
                relation.table, directory: relation.directory, parts: relation.parts, tally: tally)
            if index == largeObjects { manifest.largeObjects = table } else { manifest.tables.append(table) }
        }
        manifest.largeObjectCount = manifest.largeObjects == nil ? 0 : largeObjectCount
        manifest.structure = ledger.structure
        if manifest.structure == nil {
            coverage.missing.append(.init("definitions", "pg_dump did not come to its end"))
        }
        manifest.tool = "pg_dump \(binaries.version)"
        let catalogue = "cannot read the catalogue of the database \(holder.database)"
        try holder.with(catalogue) { connection in
            let readable = sequences.filter { $0.isReadable && $0.isThere }
            let calling = try PostgresCatalog.tablesThatCall(connection)
            for (index, table) in manifest.tables.enumerated() {
                manifest.tables[index].callsFunctions = calling.contains([table.schema, table.name])
            }
            manifest.sequences = try PostgresCatalog.values(of: readable, connection)
            let known = Set(manifest.sequences.map(\.quoted))
            for sequence in readable where !known.contains(sequence.quoted) {
                miss(sequence.shown, "the sequence was dropped, or its rights were, while the backup ran")
            }
            manifest.invalidIndexes = try PostgresCatalog.invalidIndexes(connection)
            // A partitioned table's index that lacks a part of it is not valid either, and is saved.
            for index in try PostgresCatalog.invalidIndexes(connection, kinds: "'i'") {
                coverage.partial.append(
                    .init(index, "the index is not valid on the server, and its definition is not saved"))
            }
            manifest.unvalidatedConstraints = try PostgresCatalog.unvalidatedConstraints(connection)
        }
        manifest.coverage = coverage
        return manifest
    }
}
