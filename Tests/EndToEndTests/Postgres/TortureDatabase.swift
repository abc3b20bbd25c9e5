import DataSources
import Platform
import TestDoubles
import Testing

/// The database of `torture/*.sql` in a server of its own, and what PostgreSQL's own programs say of such a database.
struct TortureDatabase {
    static let name = "torture"
    let server: ThrowawayPostgres

    /// Makes the server, and the database in it.
    init() throws {
        server = try Self.emptyServer()
        try server.psql("CREATE DATABASE \(Self.name)")
        let folder = "\(Salvor.top)/Tests/EndToEndTests/Postgres/torture"
        let names = try Directory(Array(folder.utf8)).names().map { String(decoding: $0, as: UTF8.self) }
        let scripts = names.filter { $0.hasSuffix(".sql") }.sorted()
        try #require(scripts.count >= 5)
        for name in scripts {
            let script = try FileTree.read(Array("\(folder)/\(name)".utf8), limit: 1 << 20)
            try server.psql(String(decoding: script, as: UTF8.self), Self.name)
        }
    }

    /// A server that has the extension `torture_lists`, which keeps the user's rows in tables of its own.
    static func emptyServer() throws -> ThrowawayPostgres {
        try ThrowawayPostgres(extensions: "\(Salvor.top)/Tests/EndToEndTests/Postgres/torture/extension")
    }

    /// The address that salvor gets.
    static func address(_ server: ThrowawayPostgres) -> String {
        "postgres:host=\(server.directory.path) user=postgres dbname=\(name)"
    }

    /// What `pg_dump` says of the definitions, the database's own properties among them. Tablespaces are the machine's,
    /// and subscriptions are never made by a restore.
    static func definitions(_ server: ThrowawayPostgres) throws -> [Substring] {
        try said(server, "pg_dump", "-s", "--create", "--no-subscriptions", name)
    }

    /// What `pg_dumpall` says of the roles.
    static func roles(_ server: ThrowawayPostgres) throws -> [Substring] { try said(server, "pg_dumpall", "-g") }

    private static func said(_ server: ThrowawayPostgres, _ program: String, _ words: String...) throws -> [Substring] {
        let outcome = try ChildProcess.run(
            [server.binaries.path(program), "-h", server.directory.path, "-U", "postgres", "--restrict-key=x"]
                + ["--no-tablespaces"] + words,
            environment: Environment.withoutSecrets().filter { !$0.key.hasPrefix("PG") }, limit: 16 << 20)
        try #require(outcome.ending.succeeded, "\(outcome.complaint)")
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// What psql says of the rows of every table and materialised view, in any order; rows that are spread by a hash
    /// count for the root, since the hash of an enum's value differs between databases. Columns are taken by name:
    /// `pg_dump` gives a child that got a column by inheritance later another order.
    static func contents(_ server: ThrowawayPostgres) throws -> [Substring] {
        try server.psql(
            """
            SELECT format('SELECT %L, count(*), md5(string_agg(md5(r::text), '''' ORDER BY md5(r::text))) \
            FROM (SELECT ROW(%s) AS r FROM %s %s) rows', c.oid::regclass,
                (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                CASE WHEN c.relkind = 'p' THEN '' ELSE 'ONLY' END, c.oid::regclass)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
                AND (c.relkind = 'm' AND c.relispopulated
                    OR c.relkind = 'p' AND NOT EXISTS (SELECT FROM pg_partition_tree(c.oid) t
                        JOIN pg_class f ON f.oid = t.relid WHERE f.relkind = 'f')
                    OR c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_partition_ancestors(c.oid) a
                        JOIN pg_partitioned_table p ON p.partrelid = a.relid WHERE p.partstrat = 'h'))
            ORDER BY c.oid::regclass::text COLLATE "C"
            \\gexec
            """, name
        ).split(separator: "\n")
    }

    /// What psql says of sequences, large objects, and what `pg_dump -s` leaves out.
    static func others(_ server: ThrowawayPostgres) throws -> [Substring] {
        try server.psql(
            """
            SELECT format('SELECT %L, last_value, is_called FROM %s', c.oid::regclass, c.oid::regclass)
            FROM pg_class c WHERE c.relkind = 'S' ORDER BY c.oid::regclass::text COLLATE "C"
            \\gexec
            SELECT m.oid, m.lomowner::regrole, m.lomacl, md5(lo_get(m.oid)), length(lo_get(m.oid)),
                (SELECT count(*) FROM pg_largeobject p WHERE p.loid = m.oid), obj_description(m.oid, 'pg_largeobject')
            FROM pg_largeobject_metadata m ORDER BY 1;
            SELECT line FROM (
                SELECT concat_ws(' ', 'view', c.oid::regclass, c.relispopulated) FROM pg_class c WHERE relkind = 'm'
                UNION ALL SELECT concat_ws(
                    ' ', 'index', i.indexrelid::regclass, indisvalid, indisready, indisclustered, indisreplident)
                FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                WHERE i.indexrelid > 16383 AND c.relkind <> 't'
                UNION ALL SELECT concat_ws(
                    ' ', 'constraint', conrelid::regclass, contypid::regtype, conname, convalidated, condeferred)
                FROM pg_constraint WHERE oid > 16383) lines (line)
            ORDER BY line COLLATE "C";
            """, name
        ).split(separator: "\n")
    }
}
