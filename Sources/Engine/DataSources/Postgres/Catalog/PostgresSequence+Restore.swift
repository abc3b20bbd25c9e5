extension PostgresSequence {
    /// Sets sequences to where they stood; one that is not there is a finding.
    static func restore(_ sequences: [PostgresSequence], with connection: PostgresConnection) -> [Finding] {
        var findings: [Finding] = []
        for start in stride(from: 0, to: sequences.count, by: 200) {
            let batch = sequences[start..<min(start + 200, sequences.count)]
            let all = batch.map(\.setting).joined(separator: ", ")
            if (try? connection.execute("SELECT \(all)")) != nil { continue }
            for sequence in batch {
                do { try connection.execute("SELECT \(sequence.setting)") } catch {
                    findings.append(Finding(.missing, "\(connection.database): \(sequence.shown)", error.words))
                }
            }
        }
        return findings
    }

    /// The call that sets it.
    var setting: String { "pg_catalog.setval(\(PostgresText.literal(quoted)), \(lastValue), \(isCalled))" }
}
