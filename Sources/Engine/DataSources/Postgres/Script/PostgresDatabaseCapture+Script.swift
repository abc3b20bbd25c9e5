import Entries
import Platform

extension PostgresDatabaseCapture {
    /// The SQL of the definitions, as it was given.
    struct Sections {
        var restriction: PostgresRestriction
        /// The files that come after the rows, in their order.
        var after: [String]
    }

    /// Gives the SQL of the definitions, of which `pg_restore` makes files while rows are read. Where it cannot, the
    /// rest is whole without them, and the reason is reported.
    func giveSections(_ spool: PostgresArchiveSpool) throws -> Sections? {
        let restriction = try PostgresRestriction(key: key)
        let list: PostgresArchiveList
        do {
            if let trouble = spool.failure { throw trouble }
            list = try PostgresSectionContent.list(binaries, spool)
        } catch let error as Failure {
            let words = "the SQL by which psql alone restores could not be written: \(error.sentence)"
            sink.report(Finding(.missing, "\(holder.database): restore.sql", words))
            return nil
        }
        let indexes = try holder.with("cannot read the catalogue of the database \(holder.database)") {
            try PostgresCatalog.indexesThatCall($0)
        }
        func give(_ name: String, _ section: String, _ items: [PostgresArchiveList.Item]?, path: String? = nil) throws {
            let entry = PostgresEntry.file(name)
            try add(
                entry,
                PostgresSectionContent(
                    binaries: binaries, spool: spool, entry: entry, section: section, items: items,
                    restriction: restriction, searchPath: path))
        }
        func isCalling(_ item: PostgresArchiveList.Item) -> Bool { item.isRefresh || item.concerns(indexes: indexes) }
        var after = ["post-data.sql"]
        let (calling, events) = (list.items.filter(isCalling), list.items.filter(\.isEventTrigger))
        let isPlain = calling.isEmpty && events.isEmpty
        try give("pre-data.sql", "pre-data", nil)
        try give(
            "post-data.sql", "post-data", isPlain ? nil : list.items.filter { !isCalling($0) && !$0.isEventTrigger })
        if !calling.isEmpty {
            after.append("post-data-calling.sql")
            let path = facts.searchPath
            try give("post-data-calling.sql", "post-data", calling, path: path.isEmpty ? nil : path)
        }
        if !events.isEmpty {
            after.append("post-data-event-triggers.sql")
            try give("post-data-event-triggers.sql", "post-data", events)
        }
        return Sections(restriction: restriction, after: after)
    }

    /// Gives the files by which psql alone can rebuild the database, beside the SQL of the definitions.
    func giveScript(_ manifest: PostgresDatabaseManifest, _ sections: Sections) throws {
        let script = PostgresScript(manifest: manifest, restriction: sections.restriction, after: sections.after)
        try giveText("restore.sql", script.text)
        try giveText("sequences.sql", script.sequences)
        try giveText("create.sql", PostgresReadme.creation(facts, serverVersion: holder.serverVersion))
        try giveText(
            "README", PostgresReadme.text(serverVersion: holder.serverVersion, coverage: manifest.coverage))
    }

    private func giveText(_ name: String, _ text: String) throws {
        let entry = PostgresEntry.file(name)
        try add(entry, PostgresBytes(entry: entry, bytes: Array(text.utf8)))
    }
}
