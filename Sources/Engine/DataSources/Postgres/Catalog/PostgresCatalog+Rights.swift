/// What of a database our role may not read, and what cannot be made again for that reason.
extension PostgresCatalog {
    /// An object that needs a table which our role may not read.
    struct Orphan: Sendable {
        /// Such as `table`, `view`, `function`.
        var type: String
        /// The name as people write it.
        var name: String
        /// The table that it needs.
        var cause: String
        /// Whether it has rows of its own.
        var holdsRows: Bool
    }

    /// The objects that need unreadable tables, directly or through others: views, heirs, foreign keys, columns of
    /// their row types. What belongs to such a table goes with it, unnamed. A partition is none of them: it comes back
    /// as a table by itself.
    static func orphans(_ connection: PostgresConnection) throws -> [Orphan] {
        let rows = try connection.query(
            """
            WITH RECURSIVE hidden (oid) AS (
                SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                    AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))
                    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                        AND d.objid = c.oid AND d.deptype = 'e')),
            lost (classid, objid, cause, isOrphan) AS (
                SELECT 'pg_class'::regclass::oid, oid, oid, false FROM hidden
                UNION
                SELECT CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass::oid END,
                    coalesce(w.ev_class, d.objid), l.cause, d.deptype = 'n'
                FROM lost l JOIN pg_depend d ON (d.refclassid, d.refobjid) = (l.classid, l.objid)
                    AND d.deptype IN ('n', 'a', 'i')
                LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
                    AND w.rulename = '_RETURN'
                LEFT JOIN pg_class p ON d.classid = 'pg_class'::regclass AND p.oid = d.objid
                WHERE NOT coalesce(p.relispartition, false))
            SELECT o.type, CASE WHEN c.oid IS NULL THEN o.identity ELSE n.nspname || '.' || c.relname END,
                min(hn.nspname || '.' || h.relname), coalesce(c.relkind = 'r', false)
            FROM lost l JOIN pg_class h ON h.oid = l.cause JOIN pg_namespace hn ON hn.oid = h.relnamespace
            CROSS JOIN LATERAL pg_identify_object(l.classid, l.objid, 0) o
            LEFT JOIN pg_class c ON l.classid = 'pg_class'::regclass AND c.oid = l.objid
            LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE l.isOrphan AND NOT (l.classid = 'pg_class'::regclass AND l.objid IN (SELECT oid FROM hidden))
                AND NOT EXISTS (SELECT FROM pg_depend d JOIN lost t ON (t.classid, t.objid) = (d.refclassid, d.refobjid)
                    WHERE (d.classid, d.objid) = (l.classid, l.objid) AND d.deptype IN ('a', 'i'))
            GROUP BY 1, 2, 4 ORDER BY 1, 2
            """)
        return (0..<rows.count).map {
            Orphan(type: rows[$0, 0], name: rows[$0, 1], cause: rows[$0, 2], holdsRows: rows.flag($0, 3))
        }
    }

    /// The user mappings whose options, a password among them, our role may not see.
    static func unreadableMappings(_ connection: PostgresConnection) throws -> [String] {
        try list(
            connection,
            """
            SELECT format('user mapping of %s on %s', m.usename, m.srvname)
            FROM pg_user_mappings m JOIN pg_foreign_server s ON s.oid = m.srvid
            WHERE m.umoptions IS NULL AND NOT pg_has_role(s.srvowner, 'USAGE') AND NOT (
                m.usename = current_user AND has_server_privilege(s.oid, 'USAGE')) ORDER BY 1
            """)
    }

    /// The subscriptions of this database.
    static func subscriptions(_ connection: PostgresConnection) throws -> [String] {
        try list(
            connection,
            """
            SELECT s.subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
            WHERE d.datname = current_database() ORDER BY 1
            """)
    }
}
