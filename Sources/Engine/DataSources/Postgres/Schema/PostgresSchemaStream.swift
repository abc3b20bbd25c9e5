import Platform

/// The bytes of a schema archive as `pg_dump` writes them; they pass `pg_restore` too, which tells what is in them.
final class PostgresSchemaStream {
    private let dump: PostgresSchemaDump
    private var source: ChildProcess
    private let inventory: ChildProcess
    private var complaints: [UInt8] = []
    private var head = Buffer(capacity: 64 << 10)
    private var headTaken = 0
    private var delivered = false
    private var ended = false
    private var attempt = 1

    /// `pg_dump` locks what we have locked; when somebody waits behind us for himself, it must try again.
    private static let attempts = 3

    /// Starts both programs.
    init(_ dump: PostgresSchemaDump) throws {
        self.dump = dump
        source = try Self.start(dump)
        inventory = try ChildProcess(
            dump.inventoryArguments, environment: PostgresEnvironment.local(), input: .pipe, output: .pipe,
            errors: .null)
    }

    deinit {
        for child in [source, inventory] where child.endingIfAny() == nil { child.stop() }
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
        try ChildProcess(
            dump.arguments, environment: PostgresEnvironment.connecting(options: dump.options), output: .pipe,
            errors: .pipe)
    }

    /// Reads the header whole. Nothing has gone out before that, so a `pg_dump` that failed can be started again.
    private func begin() throws {
        while true {
            while head.count < PostgresArchiveHeader.bytes,
                try source.readOutput(into: &head, complaints: &complaints) > 0
            {}
            if head.count >= PostgresArchiveHeader.bytes { break }
            let words = String(decoding: complaints, as: UTF8.self)
            // pg_dump gives the wait for a lock to the server as the time of the statement.
            guard words.contains("statement timeout") || words.contains("lock timeout"), attempt < Self.attempts else {
                try finish()
                throw Failure(.failed, "pg_dump wrote no archive of \(dump.database)", cause: words)
            }
            attempt += 1
            complaints = []
            head.clear()
            try source.wait()
            source = try Self.start(dump)
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
