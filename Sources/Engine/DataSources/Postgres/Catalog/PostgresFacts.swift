import Formats
import Platform

/// What a database is, beside what is in it: what `CREATE DATABASE` and `ALTER DATABASE` must be told again.
package struct PostgresFacts: Sendable, Equatable {
    /// A setting that the database gives to every session, or to those of one role.
    struct Setting: Sendable, Equatable {
        var role: String
        var name: String
        var value: String
    }

    /// A right on the database.
    struct Grant: Sendable, Equatable {
        /// Empty for everybody.
        var role: String
        var privilege: String
        var isGrantable: Bool
    }

    /// An extension that is installed.
    package struct Extension: Sendable, Equatable {
        package var name: String
        package var version: String
        package var schema: String
    }

    package var name: String
    package var owner = ""
    package var encoding = ""
    /// `c` for the C library, `i` for ICU, `b` for built in.
    var provider = "c"
    package var collate = ""
    package var characterType = ""
    /// ICU's or the built-in provider's locale.
    var locale = ""
    /// The version of the collations when the database was last refreshed.
    var collationVersion = ""
    var connectionLimit: Int64 = -1
    var comment = ""
    /// What a session of an application finds as its search path, when its role says nothing else.
    var searchPath = ""
    var settings: [Setting] = []
    /// The rights, nil when they were never changed.
    var grants: [Grant]?
    package var extensions: [Extension] = []

    /// The database's own search path, else the server's: not what our role has for itself.
    private static let searchPath = """
        coalesce((SELECT substr(c, 13) FROM pg_db_role_setting s, unnest(s.setconfig) c
            WHERE s.setdatabase = d.oid AND s.setrole = 0 AND c LIKE 'search\\_path=%'),
            (SELECT CASE WHEN EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole,
                unnest(s.setconfig) c WHERE r.rolname = session_user AND c LIKE 'search\\_path=%')
                THEN boot_val ELSE reset_val END FROM pg_settings WHERE name = 'search_path'))
        """

    /// Asks the catalogue of the database that a session is in.
    init(_ connection: PostgresConnection) throws {
        let version = connection.serverVersion
        let locale = version >= 170_000 ? "d.datlocale" : version >= 150_000 ? "d.daticulocale" : "NULL"
        let rows = try connection.query(
            """
            SELECT d.datname, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
                \(version >= 150_000 ? "d.datlocprovider" : "'c'"), \(locale),
                \(version >= 150_000 ? "d.datcollversion" : "NULL"), d.datconnlimit,
                shobj_description(d.oid, 'pg_database'), d.datacl IS NULL,
                \(Self.searchPath)
            FROM pg_database d WHERE d.datname = current_database()
            """)
        name = rows[0, 0]
        owner = rows[0, 1]
        encoding = rows[0, 2]
        collate = rows[0, 3]
        characterType = rows[0, 4]
        provider = rows[0, 5]
        self.locale = rows[0, 6]
        collationVersion = rows[0, 7]
        connectionLimit = rows.number(0, 8)
        comment = rows[0, 9]
        searchPath = rows[0, 11]
        let settings = try connection.query(
            """
            SELECT coalesce(r.rolname, ''), split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
            FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database()
            LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) WITH ORDINALITY AS u (c, place)
            ORDER BY coalesce(r.rolname, '') COLLATE "C", place
            """)
        self.settings = (0..<settings.count).map {
            .init(role: settings[$0, 0], name: settings[$0, 1], value: settings[$0, 2])
        }
        if !rows.flag(0, 10) {
            let grants = try connection.query(
                """
                SELECT coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
                FROM pg_database d, aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
                WHERE d.datname = current_database() ORDER BY 1, 2
                """)
            self.grants = (0..<grants.count).map {
                .init(role: grants[$0, 0], privilege: grants[$0, 1], isGrantable: grants.flag($0, 2))
            }
        }
        let extensions = try connection.query(
            """
            SELECT e.extname, e.extversion, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            ORDER BY e.extname COLLATE "C"
            """)
        self.extensions = (0..<extensions.count).map {
            .init(name: extensions[$0, 0], version: extensions[$0, 1], schema: extensions[$0, 2])
        }
    }

    var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("owner", .string(owner)), .init("encoding", .string(encoding)),
            .init("provider", .string(provider)), .init("collate", .string(collate)),
            .init("characterType", .string(characterType)), .init("locale", .string(locale)),
            .init("collationVersion", .string(collationVersion)), .init("connectionLimit", .integer(connectionLimit)),
            .init("comment", .string(comment)), .init("searchPath", .string(searchPath)),
            .init(
                "settings",
                .array(
                    settings.map {
                        ["role": .string($0.role), "name": .string($0.name), "value": .string($0.value)]
                    })),
            .init(
                "grants",
                grants.map {
                    .array(
                        $0.map {
                            [
                                "role": .string($0.role), "privilege": .string($0.privilege),
                                "isGrantable": .bool($0.isGrantable),
                            ]
                        })
                } ?? .null),
            .init(
                "extensions",
                .array(
                    extensions.map {
                        ["name": .string($0.name), "version": .string($0.version), "schema": .string($0.schema)]
                    })),
        ])
    }

    init(_ json: JSONValue) throws(Failure) {
        guard let name = json["name"]?.text, let encoding = json["encoding"]?.text else {
            throw Failure(.failed, "the manifest describes a database in a way that this salvor cannot read")
        }
        func text(_ key: String) -> String { json[key]?.text ?? "" }
        self.name = name
        self.encoding = encoding
        owner = text("owner")
        provider = json["provider"]?.text ?? "c"
        collate = text("collate")
        characterType = text("characterType")
        locale = text("locale")
        collationVersion = text("collationVersion")
        connectionLimit = json["connectionLimit"]?.whole ?? -1
        comment = text("comment")
        searchPath = text("searchPath")
        settings = (json["settings"]?.elements ?? []).map {
            .init(role: $0["role"]?.text ?? "", name: $0["name"]?.text ?? "", value: $0["value"]?.text ?? "")
        }
        grants = json["grants"]?.elements?.map {
            .init(
                role: $0["role"]?.text ?? "", privilege: $0["privilege"]?.text ?? "",
                isGrantable: $0["isGrantable"]?.flag ?? false)
        }
        extensions = (json["extensions"]?.elements ?? []).map {
            .init(name: $0["name"]?.text ?? "", version: $0["version"]?.text ?? "", schema: $0["schema"]?.text ?? "")
        }
    }
}
