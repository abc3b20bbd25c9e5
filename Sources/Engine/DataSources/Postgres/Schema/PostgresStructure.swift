import Platform
import Sealing

/// What a schema archive defines: for each object one keyed hash of its definition, and one over all of them.
///
/// It is read from the text that `pg_restore` makes of the archive. A definition is what stands between two of its
/// headings `-- Name: …; Type: …; Schema: …; Owner: …`; comments, settings and the order of objects do not count.
struct PostgresStructure: Sendable, Equatable {
    /// The hash of each definition by its key: the type, a tab, `schema.name`.
    private(set) var definitions: [String: UInt128] = [:]

    /// One hash over all definitions.
    var hash: UInt128 { definitions.values.reduce(0, &+) }

    /// How many objects of each type there are.
    var counts: [(type: String, count: Int)] {
        var counts: [String: Int] = [:]
        for name in definitions.keys { counts[Self.type(of: name), default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Makes a structure from what a manifest holds.
    init(definitions: [String: UInt128]) { self.definitions = definitions }

    /// What a restore leaves out on purpose, so that nothing reaches out from where it runs.
    private static let leftOut = ["SUBSCRIPTION", "SUBSCRIPTION TABLE"]

    /// The type in a key.
    static func type(of key: String) -> String { String(key.prefix { $0 != "\t" }) }

    /// A key as people read it: `INDEX public.a_idx`.
    static func shown(_ key: String) -> String { PostgresText.escaping(key) { $0 == "\t" ? " " : nil } }

    /// Reads a text line by line and adds up definitions; used by one thread.
    struct Reader: ~Copyable {
        private let key: [UInt8]
        private var structure = PostgresStructure(definitions: [:])
        private var line: [UInt8] = []
        private var name: String?
        private var body: [UInt8] = []
        private var accessMethod: [UInt8] = []
        private static let heading = Array("-- Name: ".utf8)
        private static let method = Array("SET default_table_access_method".utf8)
        private static let setting = Array("SET default_".utf8)
        private static let end = Array("-- PostgreSQL database dump complete".utf8)

        /// Begins; `key` is the key of the row hashes.
        init(key: [UInt8]) { self.key = key }

        /// Takes the next bytes of the text.
        mutating func read(_ bytes: Span<UInt8>) throws(Failure) {
            for index in bytes.indices {
                let byte = bytes[index]
                if byte != UInt8(ascii: "\n") {
                    line.append(byte)
                    continue
                }
                try take()
            }
        }

        /// The structure, after the last byte.
        mutating func finish() throws(Failure) -> PostgresStructure {
            if !line.isEmpty { try take() }
            try closeDefinition()
            return structure
        }

        private mutating func take() throws(Failure) {
            defer { line.removeAll(keepingCapacity: true) }
            if line.starts(with: Self.heading) {
                try closeDefinition()
                name = Self.key(String(decoding: line, as: UTF8.self))
            } else if line.starts(with: Self.setting) {
                // Written once for all tables that follow: part of each of those, not of the object before it.
                if line.starts(with: Self.method) { accessMethod = line }
            } else if line == Self.end {
                try closeDefinition()
            } else if name != nil {
                body.append(contentsOf: line)
                body.append(UInt8(ascii: "\n"))
            }
        }

        private mutating func closeDefinition() throws(Failure) {
            defer {
                name = nil
                body.removeAll(keepingCapacity: true)
            }
            guard let name, !PostgresStructure.leftOut.contains(PostgresStructure.type(of: name)) else { return }
            // The frame of the next heading is `--`; empty lines separate.
            while body.suffix(3).elementsEqual("--\n".utf8) || body.suffix(2).elementsEqual("\n\n".utf8)
                || body.first == UInt8(ascii: "\n") || body.starts(with: "--\n".utf8)
            {
                if body.suffix(3).elementsEqual("--\n".utf8) { body.removeLast(3) }
                if body.suffix(2).elementsEqual("\n\n".utf8) { body.removeLast() }
                if body.starts(with: "--\n".utf8) { body.removeFirst(3) }
                if body.first == UInt8(ascii: "\n") { body.removeFirst() }
            }
            var hash = RowHash(key: key)
            let method = name.hasPrefix("TABLE") || name.hasPrefix("MATERIALIZED VIEW") ? accessMethod : []
            let whole = Array(name.utf8) + [0] + method + [0] + body
            hash.add(whole.span)
            // Large objects may be many: they count as one definition, each one's number in its hash.
            let isObject = PostgresStructure.type(of: name).hasPrefix("BLOB")
            structure.definitions[isObject ? "BLOB\tlarge objects" : name, default: 0] &+= hash.sum
        }

        /// `-- Name: a_idx; Type: INDEX; Schema: public; Owner: bob` → `INDEX\tpublic.a_idx`.
        private static func key(_ heading: String) -> String {
            var name = String(heading.dropFirst("-- Name: ".utf8.count))
            var fields: [String: String] = [:]
            // The name comes first and may hold anything: the fields are taken from the end.
            for field in ["Tablespace", "Owner", "Schema", "Type"] {
                let mark = "; \(field): "
                guard let place = last(mark, in: name) else { continue }
                fields[field] = String(name[name.index(place, offsetBy: mark.count)...])
                name = String(name[..<place])
            }
            let schema = fields["Schema"] ?? "-"
            return (fields["Type"] ?? "-") + "\t" + (schema == "-" ? "" : schema + ".") + name
        }

        private static func last(_ mark: String, in text: String) -> String.Index? {
            let bytes = Array(text.utf8)
            let wanted = Array(mark.utf8)
            guard bytes.count >= wanted.count else { return nil }
            for start in stride(from: bytes.count - wanted.count, through: 0, by: -1)
            where bytes[start..<start + wanted.count].elementsEqual(wanted) {
                return text.utf8.index(text.startIndex, offsetBy: start)
            }
            return nil
        }
    }
}
