import Formats
import Platform

/// One piece of evidence as it is stored: the record, the report's JSON, and how it stands.
package struct Evidence: Sendable {
    package let record: SnapshotRecord
    /// The report.
    package let report: JSONValue
    /// The SHA-256 of the report's bytes, 64 hexadecimal digits: what the next report names as its previous one.
    package let digest: String
    package let standing: EvidenceStanding
}
