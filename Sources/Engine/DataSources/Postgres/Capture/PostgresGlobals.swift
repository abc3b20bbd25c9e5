import Platform

/// The text of `pg_dumpall --globals-only`, without what differs from run to run.
enum PostgresGlobals {
    /// Drops the lines `\restrict` and `\unrestrict`, whose key is random each time.
    static func settled(_ text: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: "\\restrict ".utf8) || line.starts(with: "\\unrestrict ".utf8) { continue }
            kept.append(contentsOf: line)
            kept.append(UInt8(ascii: "\n"))
        }
        if text.last == UInt8(ascii: "\n") || text.isEmpty { kept.removeLast() }
        return kept
    }
}
