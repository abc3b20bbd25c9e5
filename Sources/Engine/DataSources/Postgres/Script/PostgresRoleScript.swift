/// `roles.sql`: the roles of `globals.sql` in a form that psql can run to its end in any server.
///
/// A role that is there is left as it is, and tablespaces are left out, as a restore by salvor does. Each statement is
/// a literal that the server hands back for psql to run, so that nothing in it is read by psql itself.
enum PostgresRoleScript {
    /// The script for what `pg_dumpall --globals-only` wrote.
    static func text(of globals: [UInt8]) -> String {
        var text = """
            -- Makes the roles that are not there yet, by psql alone; run it in any database, as a superuser.
            \\set ON_ERROR_STOP on
            \\o /dev/null
            SET client_encoding = 'UTF8';
            CREATE TEMPORARY TABLE salvor_roles AS SELECT rolname FROM pg_catalog.pg_roles;

            """
        for statement in PostgresRoles.statements(String(decoding: globals, as: UTF8.self)) {
            guard let role = PostgresRoles.role(of: statement) else { continue }
            text += "SELECT \(PostgresText.literal(statement))"
            if !role.isEmpty {
                text += " WHERE NOT EXISTS (SELECT FROM pg_temp.salvor_roles "
                text += "WHERE rolname = \(PostgresText.literal(role)))"
            }
            text += " \\gexec\n"
        }
        return text + "\\o\n"
    }
}
