import Platform

/// What of a database calls functions of the user while it is filled.
extension PostgresCatalog {
    /// That a function of the user, and not one of the system or of an extension, is what `reference` depends on.
    private static let ownFunction = """
        SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid >= 16384
            AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = d.refobjid
                AND e.deptype = 'e')
        """

    /// Schema and name of the tables whose rows are checked, or completed, by functions: those may look into others.
    static func tablesThatCall(_ connection: PostgresConnection) throws -> Set<[String]> {
        let rows = try connection.query(
            """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND (
                EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND EXISTS (
                    \(ownFunction) AND d.classid = 'pg_constraint'::regclass AND d.objid = k.oid))
                OR EXISTS (SELECT FROM pg_attrdef f JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
                    AND a.attgenerated <> '' WHERE f.adrelid = c.oid AND EXISTS (
                    \(ownFunction) AND d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid))
                OR EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint k ON k.contypid = a.atttypid
                    WHERE a.attrelid = c.oid AND k.contypid <> 0 AND EXISTS (
                    \(ownFunction) AND d.classid = 'pg_constraint'::regclass AND d.objid = k.oid)))
            """)
        return Set((0..<rows.count).map { [rows[$0, 0], rows[$0, 1]] })
    }

    /// Schema and name, with a blank between and line ends as blanks, of the indexes that call functions.
    static func indexesThatCall(_ connection: PostgresConnection) throws -> Set<String> {
        Set(
            try list(
                connection,
                """
                SELECT translate(n.nspname || ' ' || c.relname, E'\\n\\r', '  ')
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('i', 'I') AND c.oid >= 16384 AND EXISTS (
                    \(ownFunction) AND d.classid = 'pg_class'::regclass AND d.objid = c.oid)
                """))
    }
}
