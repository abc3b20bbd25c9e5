/// Which versions a database was made of: its extensions, and the collation that sorts its texts.
///
/// A dump names neither, so a server makes each in the version that it has. That is no difference in what was saved,
/// and worth knowing: another version of an extension may behave differently, another collation sorts differently.
struct PostgresVersions {
    private let source: PostgresFacts

    /// Takes the database as it was.
    init(_ source: PostgresFacts) { self.source = source }

    /// What is another version in the copy. An extension that is not there at all is a definition that is missing.
    func differences(from copy: PostgresFacts) -> [PostgresComparison.Difference] {
        var found: [PostgresComparison.Difference] = []
        for wanted in source.extensions {
            guard let there = copy.extensions.first(where: { $0.name == wanted.name }), there.version != wanted.version
            else { continue }
            found.append(
                .init(
                    object: "extension \(wanted.name)", expected: "version \(wanted.version)",
                    actual: "version \(there.version)"))
        }
        let isSame = source.provider == copy.provider && source.collate == copy.collate && source.locale == copy.locale
        if isSame, !source.collationVersion.isEmpty, !copy.collationVersion.isEmpty,
            source.collationVersion != copy.collationVersion
        {
            found.append(
                .init(
                    object: "collation \(source.locale.isEmpty ? source.collate : source.locale)",
                    expected: "version \(source.collationVersion)", actual: "version \(copy.collationVersion)"))
        }
        return found
    }
}
