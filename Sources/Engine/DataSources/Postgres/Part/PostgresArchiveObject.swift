/// One object of a schema archive: what it is, where it lies, and what must be there before it.
struct PostgresArchiveObject: Sendable, Equatable {
    /// Its number in the archive.
    var number: Int
    /// `TABLE`, `FK CONSTRAINT`, …
    var type = ""
    /// nil for what lies in no schema.
    var schema: String?
    /// Its name; of what belongs to a table often the table's name, a blank, and its own.
    var name = ""
    /// The numbers of what it depends on; not all of them need be in the archive.
    var dependencies: [Int] = []

    /// As people read it: `INDEX public.a_idx`.
    var shown: String { type + " " + (schema.map { $0 + "." } ?? "") + name }

    /// Takes the text apart that `pg_restore --verbose --file=-` makes. `numbers` are those that its list shows: a
    /// heading counts once, and only for one of them, so that a function's body is not taken for one easily.
    static func read(_ text: String, numbers: Set<Int>) -> [PostgresArchiveObject] {
        var objects: [PostgresArchiveObject] = []
        var waiting = numbers
        var isOpen = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("-- TOC entry "), let number = Int(line.dropFirst(13).prefix { $0.isNumber }),
                waiting.remove(number) != nil
            {
                objects.append(PostgresArchiveObject(number: number))
                isOpen = true
            } else if isOpen, line.hasPrefix("-- Dependencies: ") {
                objects[objects.count - 1].dependencies = line.dropFirst(17).split(separator: " ").compactMap {
                    Int($0)
                }
            } else if isOpen, line.hasPrefix("-- Name: ") {
                objects[objects.count - 1].takeHeading(line)
                isOpen = false
            }
        }
        return objects
    }

    /// `-- Name: a_idx; Type: INDEX; Schema: public; Owner: bob`: a name may hold anything, so it is read from the end.
    private mutating func takeHeading(_ line: Substring) {
        var rest = line.dropFirst("-- Name: ".utf8.count)
        var fields: [String: Substring] = [:]
        for field in ["Owner", "Schema", "Type"] {
            guard let mark = rest.ranges(of: "; \(field): ").last else { continue }
            fields[field] = rest[mark.upperBound...]
            rest = rest[..<mark.lowerBound]
        }
        name = String(rest)
        type = String(fields["Type"] ?? "")
        schema = fields["Schema"].flatMap { $0 == "-" ? nil : String($0) }
    }
}
