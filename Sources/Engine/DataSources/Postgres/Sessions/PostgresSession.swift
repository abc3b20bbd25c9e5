import Platform

/// How a session is set up: the same rows give the same bytes whoever reads them, and nothing is left out silently.
enum PostgresSession {
    /// The oldest server that the catalogue queries know: generated columns came with 12.
    static let oldestVersion = 120_000

    /// Connects and sets the session up for reading rows.
    static func reading(_ location: PostgresLocation, database: String?) throws -> PostgresConnection {
        let connection = try PostgresConnection(
            location.options(database: database) + [.init("application_name", "salvor backup")], named: location.text)
        guard connection.serverVersion >= oldestVersion else {
            throw Failure(
                .failed, "the server at \(location.text) is older than PostgreSQL 12, which salvor cannot read")
        }
        try telling("cannot set up a session at \(location.text)") {
            // Alone and first: a role's default of `serializable` makes every other statement an error on a standby.
            try connection.execute("SET default_transaction_isolation = 'read committed'")
            try connection.execute(statements(version: connection.serverVersion).joined(separator: "; "))
        }
        return connection
    }

    /// What `PGOPTIONS` must say to PostgreSQL's own programs, which take these of a role's or a database's settings as
    /// they are; nil for nothing. A pooler may refuse options, so they are given only where they are needed.
    static func options(_ connection: PostgresConnection) throws(PostgresError) -> String? {
        let words = try connection.value(
            """
            SELECT string_agg(word, ' ' ORDER BY word) FROM pg_settings JOIN (VALUES
                ('quote_all_identifiers', 'on', '-c quote_all_identifiers=off'),
                ('standard_conforming_strings', 'off', '-c standard_conforming_strings=on'),
                ('default_transaction_isolation', CASE WHEN pg_is_in_recovery() THEN 'serializable' END,
                    '-c default_transaction_isolation=read\\ committed')) w (name, value, word)
                USING (name) WHERE reset_val = w.value
            """)
        return words.isEmpty ? nil : words
    }

    /// Connects and sets the session up for taking rows in.
    static func writing(_ location: PostgresLocation, database: String?) throws -> PostgresConnection {
        let connection = try PostgresConnection(
            location.options(database: database) + [.init("application_name", "salvor restore")], named: location.text)
        try telling("cannot set up a session at \(location.text)") {
            let more = [
                "SET check_function_bodies = off", "SET synchronous_commit = off",
                "SET default_transaction_read_only = off",
            ]
            try connection.execute((statements(version: connection.serverVersion) + more).joined(separator: "; "))
        }
        return connection
    }

    /// The statements of a session that reads. Each is there for a reason:
    ///
    /// - an empty search path: names come out qualified, and no function of a user is called by a bare name;
    /// - formats that belong to the client (time zone, intervals, floats, money, bytes): equal rows, equal bytes;
    /// - no synchronised scans: a scan begins at its first block, so that two backups see the same order;
    /// - `row_security=off`: a policy that hides rows is an error, not a smaller backup;
    /// - no timeouts: the server's are made for applications;
    /// - `restrict_nonsystem_relation_kind` where it exists: no view of a user runs code under our rights.
    static func statements(version: Int) -> [String] {
        var list = [
            "SET search_path = ''", "SET DateStyle = 'ISO'", "SET IntervalStyle = 'postgres'", "SET TimeZone = 'UTC'",
            "SET extra_float_digits = 3", "SET bytea_output = 'hex'", "SET xmloption = 'content'",
            "SET xmlbinary = 'base64'", "SET lc_monetary = 'C'", "SET lc_numeric = 'C'", "SET lc_time = 'C'",
            "SET quote_all_identifiers = off", "SET standard_conforming_strings = on", "SET synchronize_seqscans = off",
            "SET row_security = off", "SET statement_timeout = 0", "SET lock_timeout = 0",
            "SET idle_in_transaction_session_timeout = 0", "SET max_parallel_workers_per_gather = 0", "SET jit = off",
            "SET client_min_messages = warning",
        ]
        if version >= 140_000 { list.append("SET idle_session_timeout = 0") }
        if version >= 170_000 { list.append("SET transaction_timeout = 0") }
        list.append(
            "SELECT pg_catalog.set_config(name, 'view, foreign-table', false) FROM pg_catalog.pg_settings "
                + "WHERE name = 'restrict_nonsystem_relation_kind'")
        return list
    }
}
