import Platform

/// The bytes of a schema archive as `pg_dump` writes them; they pass `pg_restore` too, which tells what is in them.
final class PostgresSchemaStream {
    private let dump: PostgresSchemaDump
    private let source: ChildProcess
    private let inventory: ChildProcess
    private var complaints: [UInt8] = []
    private var head = Buffer(capacity: 64 << 10)
    private var headTaken = 0
    private var delivered = false
    private var ended = false

    /// Starts both programs.
    init(_ dump: PostgresSchemaDump) throws {
        self.dump = dump
        source = try Self.start(dump)
        inventory = try ChildProcess(
            dump.inventoryArguments, environment: PostgresEnvironment.local(marks: dump.location.marks), input: .pipe,
            output: .pipe,
            errors: .null)
    }

    deinit {
        for child in [source, inventory] where child.endingIfAny() == nil { child.stop() }
    }

    /// Waits until `pg_dump` holds the locks of so many tables. False when it waits behind somebody who waits for us:
    /// he goes on only when our locks are gone, and it only when he does.
    func holdsLocks(of tables: Int, asking scout: PostgresConnection) throws -> Bool {
        let question = """
            SELECT count(*) FILTER (WHERE l.granted), count(*) FILTER (WHERE NOT l.granted)
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE a.application_name = \(PostgresText.literal(dump.applicationName)) AND l.relation >= 16384
            """
        var waits = 0
        let clock = SystemClock()
        let start = clock.monotonicSeconds()
        // Whoever gave the session another name is not found: the reading will show how it ended.
        while source.endingIfAny() == nil, clock.monotonicSeconds() - start < 10 {
            let rows = try scout.query(question)
            if rows.number(0, 0) >= tables { return true }
            waits = rows.number(0, 1) > 0 ? waits + 1 : 0
            if waits == 3 { return false }
            Pause.sleep(seconds: 0.01)
        }
        return true
    }

    /// Appends the next bytes; false at the end, when `pg_dump` was content.
    func read(into buffer: inout Buffer) throws -> Bool {
        if ended { return false }
        if !delivered { try begin() }
        let before = buffer.count
        if headTaken < head.count {
            let end = min(head.count, headTaken + buffer.room)
            buffer.append(head.bytes.extracting(headTaken..<end))
            headTaken = end
        } else if try source.readOutput(into: &buffer, complaints: &complaints) == 0 {
            try finish()
            return false
        }
        try inventory.write(buffer.bytes.extracting(before..<buffer.count))
        return true
    }

    /// What the archive defines; after its end.
    func structure() throws -> PostgresStructure {
        guard ended else { throw Failure(.failed, "the definitions of \(dump.database) were not read to their end") }
        inventory.closeInput()
        var reader = PostgresStructure.Reader(key: dump.key)
        var text = Buffer(capacity: 64 << 10)
        while try inventory.readOutput(into: &text) > 0 {
            try reader.read(text.bytes)
            text.clear()
        }
        let structure = try reader.finish()
        let ending = try inventory.wait()
        guard ending.succeeded else {
            throw Failure(.failed, "pg_restore cannot read the definitions of \(dump.database) (\(ending.words))")
        }
        return structure
    }

    private static func start(_ dump: PostgresSchemaDump) throws -> ChildProcess {
        var environment = PostgresEnvironment.connecting(options: dump.options, marks: dump.location.marks)
        environment["PGAPPNAME"] = dump.applicationName
        return try ChildProcess(
            PostgresEnvironment.boundToUs + dump.arguments, environment: environment, output: .pipe,
            errors: .pipe)
    }

    /// Reads the header whole, to stop the clock in it.
    private func begin() throws {
        while head.count < PostgresArchiveHeader.bytes,
            try source.readOutput(into: &head, complaints: &complaints) > 0
        {}
        guard head.count >= PostgresArchiveHeader.bytes else {
            try finish()
            throw Failure(
                .failed, "pg_dump wrote no archive of \(dump.database)",
                cause: String(decoding: complaints, as: UTF8.self))
        }
        PostgresArchiveHeader.stopClock(&head)
        delivered = true
    }

    private func finish() throws {
        let ending = try source.wait()
        guard ending.succeeded else {
            throw PostgresComplaint(complaints).failure(
                "pg_dump could not dump the definitions of \(dump.database) (\(ending.words))")
        }
        ended = true
    }
}
