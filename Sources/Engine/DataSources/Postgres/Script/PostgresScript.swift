/// `restore.sql`: what rebuilds a database from its directory by psql alone.
struct PostgresScript {
    let manifest: PostgresDatabaseManifest
    let restriction: PostgresRestriction
    /// The SQL files that there are after the rows, in their order.
    let after: [String]

    /// What psql must be set to, so that it reads what we wrote: the text of the rows is that of these settings.
    private static let session = """
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;
        SET DateStyle = 'ISO';
        SET IntervalStyle = 'postgres';
        SET lc_monetary = 'C';
        SET xmloption = 'content';
        SET row_security = off;
        SET statement_timeout = 0;
        SET lock_timeout = 0;
        SET idle_in_transaction_session_timeout = 0;

        """

    /// The script.
    var text: String {
        var text = """
            -- Rebuilds the database in an empty one, by psql alone; README says how.
            \\set ON_ERROR_STOP on
            \\o /dev/null

            """
        text += restriction.definition + "\\ir pre-data.sql\n" + Self.session
        if !manifest.facts.searchPath.isEmpty {
            let path = PostgresText.literal(manifest.facts.searchPath)
            text += "SELECT pg_catalog.set_config('search_path', \(path), false);\n"
        }
        text += "\n-- Rows\n"
        let rows = manifest.tables.filter { $0.extensionName == nil }
        for table in rows where !table.callsFunctions { text += loading(table) }
        for table in rows where table.callsFunctions { text += loading(table) }
        let configuration = manifest.tables.filter { $0.extensionName != nil }
        if !configuration.isEmpty {
            // Their constraints are there already, and may ask for rows of one another.
            text += "SET session_replication_role = replica;\n"
            for table in configuration { text += loading(table) }
            text += "RESET session_replication_role;\n"
        }
        text += loadingObjects() + "\n-- What comes after the rows\n\\ir sequences.sql\n"
        for file in after { text += "\\ir \(file)\n" }
        text += "\n-- The database itself\n" + Self.session
        for property in manifest.facts.properties(database: ":\"DBNAME\"") { text += property.sql + ";\n" }
        return text + "\\o\n\\echo The database is rebuilt. Gather statistics next: ANALYZE\n"
    }

    /// `sequences.sql`: sets the sequences to where they stood.
    var sequences: String {
        Self.session + manifest.sequences.map { "SELECT \($0.setting);\n" }.joined()
    }

    private func loading(_ table: PostgresTableManifest) -> String {
        let names = [table.schema, table.name] + table.columns
        // Rows that are spread by a hash go in by way of the root: the hash may be another one here.
        let into =
            table.hashRoot.count == 2
            ? PostgresText.identifier(table.hashRoot[0], table.hashRoot[1]) : table.table.quoted
        let options = "WITH (FORMAT text, ENCODING \(PostgresText.literal(manifest.facts.encoding)))"
        let files = (0..<table.parts).map { part in
            PostgresText.literal(
                "tables/\(table.directory)/" + PostgresDatabaseCapture.partName(part, of: table.parts))
        }
        let columns = PostgresText.columns(table.columns)
        guard (names + table.hashRoot).contains(where: { $0.utf8.contains(10) || $0.utf8.contains(13) }) else {
            return files.map { "\\copy \(into)\(columns) FROM \($0) \(options)\n" }.joined()
        }
        // A command of psql ends with its line, and so cannot hold such a name.
        let renamed = table.columns.enumerated().map { "\(PostgresText.identifier($1)) AS c\($0)" }
        var text =
            "CREATE TEMPORARY TABLE salvor_rows AS SELECT \(renamed.joined(separator: ", ")) "
            + "FROM ONLY \(table.table.quoted) WITH NO DATA;\n"
        text += files.map { "\\copy pg_temp.salvor_rows FROM \($0) \(options)\n" }.joined()
        let overriding = table.columns.isEmpty ? "" : " OVERRIDING SYSTEM VALUE"
        text += "INSERT INTO \(into)\(columns)\(overriding) SELECT * FROM pg_temp.salvor_rows;\n"
        return text + Self.dropping
    }

    private static let dropping = "DROP TABLE pg_temp.salvor_rows;\n"

    private func loadingObjects() -> String {
        guard let pages = manifest.largeObjects else { return "" }
        var text = "\n-- Large objects\n"
        for part in 0..<pages.parts {
            let file = "large-objects/" + PostgresDatabaseCapture.partName(part, of: pages.parts)
            text += """
                CREATE TEMPORARY TABLE salvor_rows (loid oid, pageno integer, data bytea);
                \\copy pg_temp.salvor_rows FROM \(PostgresText.literal(file)) WITH (FORMAT text)
                SELECT pg_catalog.lo_create(loid) FROM (SELECT DISTINCT loid FROM pg_temp.salvor_rows) p
                    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = p.loid);
                SELECT pg_catalog.count(pg_catalog.lo_put(loid, pageno * 2048::bigint, data)) FROM pg_temp.salvor_rows;
                \(Self.dropping)
                """
        }
        return text
    }
}
