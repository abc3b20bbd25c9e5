import Formats
import Platform

/// One piece of evidence as it is stored: the record, the report's JSON, and how it stands.
package struct Evidence: Sendable {
    package let record: SnapshotRecord
    /// The report.
    package let report: JSONValue
    /// The SHA-256 of the report's bytes, 64 hexadecimal digits: what the next report names as its previous one.
    package let digest: String
    package let signature: Signing

    /// Whose word it is.
    package enum Signing: Sendable, Equatable {
        /// The holder of the upkeep key signed it.
        case signed
        /// Nobody signed it: its writer's password does not hold the upkeep key.
        case unsigned
        /// Its signature is not genuine.
        case forged
    }
}
