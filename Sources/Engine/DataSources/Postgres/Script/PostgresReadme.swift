import Platform

/// `README`: how a person rebuilds a database from its directory, with psql and nothing else.
enum PostgresReadme {
    /// The text; the server was of this version. `coverage` says what is not in the backup.
    static func text(serverVersion: Int, coverage: PostgresCoverage) -> String {
        let warning =
            list(coverage.missing, "NOT IN THIS BACKUP, because it could not be saved:")
            + list(coverage.leftOut, "NOT IN THIS BACKUP, because nobody wanted it:")
        return warning + """
            This directory holds one database of PostgreSQL. psql (11 or later) rebuilds it in a server
            of version \(serverVersion / 10_000) or later; neither salvor nor pg_restore is needed. In this
            directory, as a superuser, with the new database's name in place of newdb:

                psql -X -f ../roles.sql postgres
                psql -X -f create.sql -v name=newdb postgres
                psql -X -v ON_ERROR_STOP=1 -f restore.sql newdb
                psql -X -c ANALYZE newdb

            The third command needs this directory as the working directory, and stops at the first error.

                ../roles.sql           the roles; those that are there already are left as they are
                create.sql             makes an empty database of the same encoding and locale
                restore.sql            rebuilds it: runs the files below in their order
                pre-data.sql           definitions that come before the rows
                tables/                the rows, as COPY text: a directory a table, a file a part
                large-objects/         the pages of the large objects, as COPY text
                sequences.sql          where the sequences stood
                post-data*.sql         indexes, constraints, triggers, filled views; event triggers last
                schema.dump            all definitions once more, as an archive for pg_restore
                manifest.json          what the database said of itself: rows and checksums of each table

            Left out of the SQL: subscriptions, so that nothing reaches out from where the database is
            rebuilt (schema.dump has them), and the assignment to tablespaces. The files may hold secrets.

            """
    }

    private static func list(_ items: [PostgresCoverage.Item], _ title: String) -> String {
        let lines = items.map { "    \(printable(Array($0.object.utf8))): \(printable(Array($0.reason.utf8)))\n" }
        return lines.isEmpty ? "" : "\(title)\n\n\(lines.joined())\n"
    }

    /// `create.sql`
    static func creation(_ facts: PostgresFacts, serverVersion: Int) -> String {
        "\\set ON_ERROR_STOP on\n" + facts.creation(of: ":\"name\"", serverVersion: serverVersion) + ";\n"
    }
}
