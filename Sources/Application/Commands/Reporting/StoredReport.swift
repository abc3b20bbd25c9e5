import Formats
import Platform
import Reports
import Repositories

/// The report of one drill, as the repository holds it.
struct StoredReport: Sendable {
    /// The record that leads to it.
    let record: SnapshotRecord
    /// As it is stored.
    let value: JSONValue
    /// The SHA-256 of the stored document, in hexadecimal digits.
    let digest: String
    /// Whose word it is.
    let signature: Evidence.Signing

    /// Whether somebody without the key wrote it: it proves nothing.
    var isForged: Bool { signature == .forged }

    /// The drill's own identifier, as its report shows it.
    var identifier: String { value["id"]?.text ?? record.identifier }

    /// The SHA-256 of the report before it, as this one claims.
    var previous: String? { value["previous"]?.text }

    /// The report itself; throws when this version cannot read it.
    func report() throws(Failure) -> Report { try ReportCoding.report(from: value) }
}
