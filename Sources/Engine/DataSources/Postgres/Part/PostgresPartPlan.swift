/// What one table, or one schema, is made of: the archive's entries in order, and what of the manifest is about it.
struct PostgresPartPlan: Sendable {
    /// The database, with nothing in it but the part.
    let source: PostgresDatabaseManifest
    let archive: PostgresArchive
    let choice: PostgresChoice
    /// The entries to make, in the archive's order.
    let items: [PostgresArchiveList.Item]
    /// The numbers of those that come after the rows.
    var afterRows: Set<Int> = []

    /// Cuts a database down to what is chosen.
    init(
        source: PostgresDatabaseManifest, archive: PostgresArchive, choice: PostgresChoice, list: PostgresArchiveList
    ) {
        self.archive = archive
        self.choice = choice
        let numbers = choice.own.union(choice.prerequisites)
        items = list.items.filter { item in item.number.map { numbers.contains($0) } ?? false }
        let objects = choice.objects.filter { numbers.contains($0.number) }
        let tables = choice.tables
        let sequences = Set(objects.filter { $0.type == "SEQUENCE" }.map { [$0.schema ?? "", $0.name] })
        let extensions = Set(objects.filter { $0.type == "EXTENSION" }.map(\.name))
        var part = source
        part.tables = source.tables.filter { tables.contains([$0.schema, $0.name]) }
        part.sequences = source.sequences.filter { sequences.contains([$0.schema, $0.name]) }
        part.facts.extensions = source.facts.extensions.filter { extensions.contains($0.name) }
        part.largeObjects = nil
        part.largeObjectCount = 0
        part.structure = nil
        self.source = part
    }
}

extension PostgresFacts {
    /// Leaves out what is only set on a database that is made.
    mutating func forgetProperties() {
        owner = ""
        settings = []
        grants = nil
    }
}
