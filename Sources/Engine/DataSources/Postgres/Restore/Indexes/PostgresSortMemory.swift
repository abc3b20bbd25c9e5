/// How much memory the sort of an index gets in a server of which nothing is known.
///
/// More is not always faster: a sort that does not fit into its memory writes runs and merges them, and small runs fit
/// into the processor's cache. Rows that come in the order of a number, as most keys do, are the exception when all
/// of them fit: they are sorted in one pass, and nothing is written.
struct PostgresSortMemory {
    let jobs: Int
    /// How many indexes are built; each of the `jobs` sessions builds one at a time.
    let builders: Int
    /// How many processes help each builder; each of them has its share of the memory.
    let workers: Int

    /// What PostgreSQL gives a sort when it is not set up otherwise.
    private static let usual = 64 << 10
    /// The sorts of all sessions together may take this much for each of the jobs.
    private static let ofJob = 256 << 10
    /// PostgreSQL 15 takes 64 to 80 bytes for a row with a number as its key: for its place in the array that it sorts
    /// and for the index's own entry.
    private static let rowBytes: UInt64 = 80

    /// Kilobytes for the index of a table of so many rows; `isByNumber` says that its first column holds numbers.
    func kilobytes(rows: UInt64, isByNumber: Bool) -> Int {
        let each = Self.usual * (1 + workers)
        guard isByNumber, workers == 0 else { return each }
        let share = Self.ofJob * max(1, jobs) / max(1, min(builders, jobs))
        let (bytes, isTooMuch) = rows.multipliedReportingOverflow(by: Self.rowBytes)
        let wanted = bytes >> 10
        return isTooMuch || wanted > UInt64(share) ? each : max(each, Int(wanted))
    }
}
