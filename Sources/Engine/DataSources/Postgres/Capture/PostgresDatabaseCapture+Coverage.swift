import Formats
import Platform

/// What is not, or not wholly, in the snapshot of a database; all of it is in the manifest, and a person is told of
/// what should be there.
extension PostgresDatabaseCapture {
    /// Writes down what the catalogue shows before anything is read.
    func note(isStandby: Bool, readsObjects: Bool) throws {
        for table in holder.tables { note(table, isStandby: isStandby) }
        noteLeftOut()
        for sequence in unreadableSequences {
            miss(
                sequence.shown,
                !sequence.isThere
                    ? "a standby does not have the value of an unlogged sequence: its definition is saved"
                    : "the role may not read this sequence: its definition is saved, where it stands is not")
        }
        for table in holder.unlocked { miss(table.shown, "the table came or went while the snapshot was being taken") }
        if largeObjectCount > 0, !readsObjects {
            miss(
                "large objects",
                "the role may not read pg_largeobject: \(Quantity.count(largeObjectCount, "object")) without content")
        }
        try holder.with("cannot read the catalogue of the database \(holder.database)") { connection in
            try noteRights(connection)
            for name in try PostgresCatalog.foreignTables(connection) {
                coverage.partial.append(.init(name, "a foreign table: its rows lie on another server"))
            }
            let slots = "SELECT slot_name FROM pg_replication_slots WHERE database = current_database() ORDER BY 1"
            for name in try PostgresCatalog.list(connection, slots) {
                coverage.never.append(.init(name, "a replication slot"))
            }
        }
        coverage.never += [
            .init("statistics", "gathered anew by ANALYZE after a restore"),
            .init(
                "server configuration",
                "postgresql.conf, pg_hba.conf and tablespaces' directories belong to the machine"),
        ]
    }

    private func note(_ table: PostgresTable, isStandby: Bool) {
        if !table.isReadable {
            miss(
                table.shown,
                table.extensionName == nil
                    ? "the role may not read this table: neither its definition nor its rows are saved"
                    : "the role may not read this table of an extension: its rows are not saved")
        } else if leftOut.holds(table) || !table.holdsRows {
            return
        } else if table.isFiltered {
            miss(table.shown, "row-level security hides rows from the role: the table's rows are not saved")
        } else if isStandby, table.persistence == "u" {
            miss(table.shown, "a standby does not have the rows of an unlogged table")
        } else if !table.isHeap, table.extensionName == nil {
            coverage.partial.append(.init(table.shown, "its access method is not heap: read in one part"))
        }
    }

    /// What the policy leaves out, and what cannot be made again without it.
    private func noteLeftOut() {
        if !scope.savesRoles { coverage.partial.append(.init("roles", PostgresScope.reason)) }
        for table in holder.tables where leftOut.holds(table) && table.isReadable {
            coverage.partial.append(.init(table.shown, "its rows are \(PostgresScope.reason); its definition is saved"))
        }
        for reference in leftOut.references {
            let reason =
                "its foreign key \(reference.constraint) refers to rows that are \(PostgresScope.reason): a restore "
                + "can make it only where it refers to none"
            coverage.partial.append(.init(reference.table, reason))
            sink.report(Finding(.notice, "\(holder.database): \(reference.table)", reason))
        }
    }

    /// What only some roles may read, and what cannot be made again without a table that ours may not read.
    private func noteRights(_ connection: PostgresConnection) throws {
        let isSuperuser = try connection.value("SHOW is_superuser") == "on"
        for name in try PostgresCatalog.subscriptions(connection) {
            if isSuperuser {
                coverage.partial.append(
                    .init(name, "a subscription: its definition is saved, and never restored by itself"))
            } else {
                miss("subscription \(name)", "only a superuser may read a subscription: its definition is not saved")
            }
        }
        if isSuperuser { return }
        for name in try PostgresCatalog.unreadableMappings(connection) {
            miss(name, "the role may not read its options, a password among them: it is saved without them")
        }
        guard holder.tables.contains(where: { !$0.isReadable }) else { return }
        for orphan in try PostgresCatalog.orphans(connection) {
            let reason = "it needs \(orphan.cause), which the role may not read, and cannot be restored without that"
            if orphan.holdsRows {
                miss(orphan.name, reason)
            } else {
                coverage.partial.append(.init("\(orphan.type) \(orphan.name)", reason))
            }
        }
    }

    /// Notes something that should be in the snapshot and is not, and tells it.
    func miss(_ object: String, _ reason: String) {
        coverage.missing.append(.init(object, reason))
        sink.report(Finding(.missing, "\(holder.database): \(object)", reason))
    }
}
