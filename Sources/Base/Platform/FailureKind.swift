/// The sorts of failure, each with the exit code that design fixes for it.
package enum FailureKind: String, Sendable, CaseIterable {
    case failed
    case usage
    case incomplete
    case notRecovered
    case objectiveMissed
    case unverifiable
    case leftBehind
    case policy
    case refused
    case noRepository
    case busy
    case wrongKey
    case damaged
    case unreachable
    case deadline
    case interrupted
    case terminated

    /// The process's exit code for this kind.
    package var exitCode: Int32 {
        switch self {
        case .failed: 1
        case .usage: 2
        case .incomplete: 3
        case .notRecovered: 4
        case .objectiveMissed: 5
        case .unverifiable: 6
        case .leftBehind: 7
        case .policy: 8
        case .refused: 9
        case .noRepository: 10
        case .busy: 11
        case .wrongKey: 12
        case .damaged: 13
        case .unreachable: 14
        case .deadline: 124
        case .interrupted: 130
        case .terminated: 143
        }
    }

    /// The order in which several kinds at once are told by one exit code: the first that applies.
    package static let precedence: [FailureKind] = [
        .interrupted, .terminated, .damaged, .wrongKey, .notRecovered, .unverifiable, .unreachable, .failed, .usage,
        .policy, .refused, .noRepository, .busy, .objectiveMissed, .leftBehind, .incomplete, .deadline,
    ]
}
