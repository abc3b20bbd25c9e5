import Formats
import Platform
import Reports

/// The drills on record, one a line.
struct DrillListing {
    private static let digitsShown = 8

    /// The reports, oldest first.
    let reports: [StoredReport]

    /// Writes them all: a table for people, an object each under `--json`.
    func write(to output: Output) throws {
        var table = TextTable([
            ("id", .left), ("started (UTC)", .left), ("system", .left), ("verdict", .left), ("evidence", .left),
            ("recovery", .right), ("data loss", .right),
        ])
        for stored in reports {
            try output.record("drill", Self.members(stored))
            table.add(Self.row(stored.value, identifier: stored.identifier))
        }
        for line in table.isEmpty ? [] : table.lines { try output.line(line) }
    }

    private static func row(_ value: JSONValue, identifier: String) -> [String] {
        let text = { (key: String) in VisibleText.of(value[key]?.text ?? "?") }
        let duration = { (key: String) in
            value["measured"]?[key]?.real.map { Quantity.duration(seconds: $0) } ?? "-"
        }
        let started = text("started").prefix { $0 != "." && $0 != "Z" }.split(separator: "T").joined(separator: " ")
        return [
            String(VisibleText.of(identifier).prefix(digitsShown)), started, text("system"), text("verdict"),
            text("evidenceLevel"), duration("recoverySeconds"), duration("dataLossSeconds"),
        ]
    }

    /// Keys of the report itself, so that reports of every version can be listed.
    private static func members(_ stored: StoredReport) -> [JSONValue.Member] {
        ["id", "system", "started", "ended", "verdict", "evidenceLevel", "exit", "measured"].map { key in
            JSONValue.Member(key, stored.value[key] ?? .null)
        } + [JSONValue.Member("sha256", .string(stored.digest))]
    }
}
