import Platform

/// What is made after the rows: indexes, constraints, filled views, triggers; and last of all the event triggers.
///
/// `pg_restore` works with an empty search path. A function of the user that names a table without its schema fails
/// then, when an index or a materialised view calls it: that is tried once more with the database's own path.
struct PostgresPostData {
    let archive: PostgresArchive
    /// The path that sessions of an application find, empty when it is not known.
    let searchPath: String
    /// How many rows each table got, by its quoted name.
    let rows: [[UInt8]: UInt64]
    /// The sessions shared with those that read the rows back meanwhile; nil when nobody does.
    var sharing: PostgresJobs?

    /// The line by which `pg_restore` empties the search path.
    private static let emptied = "SELECT pg_catalog.set_config('search_path', '', false);"

    /// Restores everything; what the server refused to the end is a finding each.
    func restore() throws -> [Finding] {
        let list = try archive.list()
        let eventTriggers = list.items.filter(\.isEventTrigger)
        // Without readers it is better done by `pg_restore`, which has more to do at the same time.
        let attached =
            try sharing.map { try PostgresIndexBuilder(archive: archive, rows: rows, sharing: $0).build(list) } ?? []
        let others = list.items.filter { item in
            !item.isEventTrigger && item.number.map { !attached.contains($0) } ?? true
        }
        var (findings, said) = try archive.restoring(
            section: "post-data", choosing: others.count < list.items.count ? others : nil)
        if !searchPath.isEmpty, said.contains("does not exist") || said.contains("has not been populated") {
            let candidates = others.filter { item in
                item.callsFunctions && item.nameBegins.map { said.contains($0) } == true
            }
            findings = try again(candidates, findings)
        }
        if !eventTriggers.isEmpty {
            findings += try archive.restoring(section: "post-data", choosing: eventTriggers).findings
        }
        return findings
    }

    /// Tries entries one by one, as long as that helps; answers the findings that remain, and what was done otherwise.
    private func again(_ candidates: [PostgresArchiveList.Item], _ before: [Finding]) throws -> [Finding] {
        var findings = before
        var waiting: [(sql: String, object: String)?] = try candidates.map { try statement($0) }
        let connection = try PostgresSession.writing(archive.place, database: archive.database)
        var done = true
        while done, !waiting.isEmpty {
            done = false
            for (index, statement) in waiting.enumerated() {
                guard let statement, findings.contains(where: { $0.object == statement.object }) else { continue }
                do throws(PostgresError) { try connection.execute(statement.sql) } catch {
                    if error.connectionLost { throw error.failure("cannot restore \(statement.object)") }
                    for place in findings.indices where findings[place].object == statement.object {
                        findings[place].sentence = error.words
                    }
                    continue
                }
                findings.removeAll { $0.object == statement.object }
                findings.append(
                    Finding(
                        .notice, statement.object,
                        "could be made only with the database's own search path: a function uses a bare name"))
                waiting[index] = nil
                done = true
            }
            waiting.removeAll { $0 == nil }
        }
        return findings
    }

    /// The statements of one entry, with the database's search path, and the name under which they were complained of.
    private func statement(_ item: PostgresArchiveList.Item) throws -> (sql: String, object: String)? {
        let text = try archive.text(of: item)
        guard let head = text.firstRange(of: Self.emptied) else { return nil }
        let path = "SELECT pg_catalog.set_config('search_path', \(PostgresText.literal(searchPath)), false);"
        let lines = text[head.upperBound...].split(separator: "\n", omittingEmptySubsequences: false).filter {
            !$0.hasPrefix("\\unrestrict ")
        }
        let verbs = ["CREATE ", "ALTER TABLE ", "REFRESH "]
        guard let first = lines.firstIndex(where: { line in verbs.contains { line.hasPrefix($0) } }) else { return nil }
        let command = lines[first...].joined(separator: "\n")
        return (path + lines.joined(separator: "\n"), "\(archive.database): \(PostgresArchive.object(of: command))")
    }
}
