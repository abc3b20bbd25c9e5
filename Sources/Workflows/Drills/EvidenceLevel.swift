/// How far the proof of one drill went: the strongest level that every source reached.
package enum EvidenceLevel: Int, Sendable, Comparable, CaseIterable {
    /// The snapshot is listed.
    case present = 0
    /// Every stored byte of it was read and its checksum holds.
    case intact = 1
    /// It was opened with the key kept for the worst day.
    case openable = 2
    /// It was written to staging.
    case materialised = 3
    /// Its engine started on it and answers.
    case accepted = 4
    /// Its content equals what the source itself said at capture.
    case equal = 5
    /// The application's own questions are answered as they should be.
    case usable = 6
    /// All that within the objectives, under realistic conditions.
    case inTime = 7

    package static func < (left: EvidenceLevel, right: EvidenceLevel) -> Bool { left.rawValue < right.rawValue }

    /// The level as reports show it: `L5 equal`.
    package var text: String {
        switch self {
        case .inTime: "L7 in time"
        default: "L\(rawValue) \(self)"
        }
    }
}
