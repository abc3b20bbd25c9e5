/// What of an archive is made for one table or schema.
struct PostgresChoice: Sendable {
    /// The part itself: tables, and all that belongs to them.
    private(set) var own: Set<Int> = []
    /// What the part is made of and may be there already: types, functions, schemas, extensions, sequences.
    private(set) var prerequisites: Set<Int> = []
    let objects: [PostgresArchiveObject]
    private let byNumber: [Int: PostgresArchiveObject]

    /// What belongs to a table, or says something of what does.
    private static let attached: Set<String> = [
        "COMMENT", "ACL", "SECURITY LABEL", "SEQUENCE", "SEQUENCE OWNED BY", "DEFAULT", "CONSTRAINT",
        "CHECK CONSTRAINT", "INDEX", "STATISTICS", "ROW SECURITY", "PUBLICATION TABLE",
    ]
    /// What belongs to one table and may mention others: its name begins with its own table's.
    private static let named: Set<String> = ["FK CONSTRAINT", "RULE", "TRIGGER", "POLICY"]
    /// What holds no rows and no view of any, and may be made where it is missing.
    private static let harmless: Set<String> = [
        "SCHEMA", "EXTENSION", "TYPE", "SHELL TYPE", "DOMAIN", "FUNCTION", "PROCEDURE", "AGGREGATE", "OPERATOR",
        "OPERATOR CLASS", "OPERATOR FAMILY", "COLLATION", "CAST", "SEQUENCE", "ACCESS METHOD", "PROCEDURAL LANGUAGE",
        "TEXT SEARCH CONFIGURATION", "TEXT SEARCH DICTIONARY", "TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE",
    ]

    /// Chooses from all objects of an archive, in their order.
    init(_ part: PostgresPart, from objects: [PostgresArchiveObject]) {
        self.objects = objects
        byNumber = Dictionary(objects.map { ($0.number, $0) }) { first, _ in first }
        own = Set(objects.filter { part.isMeant($0) }.map(\.number))
        if !own.isEmpty {
            takePartitions()
            while takeAttached() {}
            takePrerequisites()
        }
    }

    /// The names of the tables that are chosen: schema and name.
    var tables: Set<[String]> {
        Set(objects.filter { own.contains($0.number) && $0.type == "TABLE" }.map { [$0.schema ?? "", $0.name] })
    }

    /// A root brings its partitions; those lie in the archive after it.
    private mutating func takePartitions() {
        var grows = true
        while grows {
            grows = false
            for object in objects where object.type == "TABLE ATTACH" {
                let tables = object.dependencies.compactMap { byNumber[$0] }.filter { $0.type == "TABLE" }
                guard let child = tables.first(where: { $0.name == object.name && $0.schema == object.schema }),
                    tables.contains(where: { $0.number != child.number && own.contains($0.number) })
                else { continue }
                if own.insert(child.number).inserted { grows = true }
            }
        }
    }

    private mutating func takeAttached() -> Bool {
        let before = own.count
        for object in objects where !own.contains(object.number) {
            let parents = object.dependencies.filter { own.contains($0) }.compactMap { byNumber[$0] }
            guard !parents.isEmpty else { continue }
            let belongs =
                switch object.type {
                case "TABLE ATTACH": parents.contains { $0.type == "TABLE" && $0.name == object.name }
                case "INDEX ATTACH":
                    parents.contains { $0.name == object.name || $0.name.hasSuffix(" " + object.name) }
                case let type where Self.named.contains(type):
                    table(of: object).map { own.contains($0.number) } ?? false
                case let type: Self.attached.contains(type)
                }
            if belongs { own.insert(object.number) }
        }
        return own.count > before
    }

    /// The table whose name the object's begins with; of `a` and `a b` the longer one.
    private func table(of object: PostgresArchiveObject) -> PostgresArchiveObject? {
        object.dependencies.compactMap { byNumber[$0] }
            .filter { $0.schema == object.schema && object.name.hasPrefix($0.name + " ") }
            .max { $0.name.count < $1.name.count }
    }

    private mutating func takePrerequisites() {
        var waiting = own.flatMap { byNumber[$0]?.dependencies ?? [] }
        while let number = waiting.popLast() {
            guard !own.contains(number), let object = byNumber[number], Self.harmless.contains(object.type),
                prerequisites.insert(number).inserted
            else { continue }
            waiting += object.dependencies
        }
    }
}
