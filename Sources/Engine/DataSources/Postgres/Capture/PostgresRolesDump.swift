import Platform

/// `pg_dumpall` at work on the roles of a server, with their passwords' hashes where our role may read them.
final class PostgresRolesDump {
    private let location: String
    private let readsPasswords: Bool
    private let program: ChildProcess

    /// Starts it.
    init(_ place: PostgresLocation, _ binaries: PostgresBinaries, _ connection: PostgresConnection) throws {
        location = place.text
        let options: String?
        (readsPasswords, options) = try telling("cannot read the catalogue of \(place.text)") {
            (
                try connection.value("SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')") == "t",
                try PostgresSession.options(connection)
            )
        }
        program = try ChildProcess(
            PostgresEnvironment.boundToUs + [
                binaries.path("pg_dumpall"), "--globals-only", "--encoding=UTF8", "--no-password", "--dbname",
                place.conninfo(database: connection.database), "--database", connection.database,
            ] + (readsPasswords ? [] : ["--no-role-passwords"]),
            environment: PostgresEnvironment.connecting(options: options), output: .pipe, errors: .pipe)
    }

    /// Ends it, should it still be at work.
    func end() {
        if program.endingIfAny() == nil { program.stop() }
    }

    /// What it wrote; nil, and reported, when the roles cannot be had at all.
    func text(_ sink: any CaptureSink) throws -> [UInt8]? {
        let outcome = try program.collect()
        guard outcome.ending.succeeded else {
            let complaint = PostgresComplaint(outcome.errors)
            if complaint.connectionLost { throw complaint.failure("cannot save the roles of \(location)") }
            sink.report(Finding(.missing, "roles", "pg_dumpall could not save the roles: \(complaint.words)"))
            return nil
        }
        if !readsPasswords {
            sink.report(Finding(.notice, "roles", "saved without their passwords, which this role may not read"))
        }
        return PostgresGlobals.settled(outcome.output)
    }
}
