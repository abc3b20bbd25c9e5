import Formats
import Platform

/// How large a snapshot may be, by what its record tells of its sources.
///
/// Chunks, lists and directories are stored once however often they occur, so few of them can describe a tree or a file
/// without end. Whoever saved an honest one knew how large it was.
extension SnapshotRecord {
    /// How many directories the record tells of.
    var toldDirectories: UInt64 { told("directories") }

    /// A file up to here is taken whatever the record tells.
    private static let fileBytesAtMost: UInt64 = 1 << 40

    /// Throws `.damaged` for a file that is larger than all files that the record tells of.
    package func demandTold(fileBytes: UInt64) throws(Failure) {
        let bytes = told("bytes")
        guard fileBytes > max(bytes, Self.fileBytesAtMost) else { return }
        throw Failure(
            .damaged, "a file of the snapshot \(shortIdentifier) claims to have \(fileBytes) bytes",
            cause: "its record tells of \(bytes) in all")
    }

    /// The sum of a number over all sources.
    private func told(_ key: String) -> UInt64 {
        sources.reduce(0) { sum, source in
            let (next, overflow) = sum.addingReportingOverflow(UInt64(max(source.statistics[key]?.whole ?? 0, 0)))
            return overflow ? .max : next
        }
    }
}
