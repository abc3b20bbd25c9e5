import Platform
import Policies
import Reports

/// One question that a drill will ask, whoever brought it: a source's adapter, or the policy.
struct PlannedCheck {
    /// The check's name in the report.
    var identifier: String
    var type: String
    /// The source that it is about; empty where it is about all.
    var source: String
    var isGating: Bool
    /// The longest time that it may take; nil for no limit of its own.
    var timeoutSeconds: Double?
    /// Where the expected value comes from.
    var origin: String
    /// Looks, and answers. Throws when it cannot look at all.
    var ask: (any Cancellation) throws -> CheckAnswer

    /// A check that a source's adapter brings.
    init(_ check: any DrillCheck.Type, of subject: CheckSubject, isGating: Bool? = nil, timeoutSeconds: Double? = nil) {
        identifier = check.identifier
        type = check.identifier
        source = subject.source
        self.isGating = isGating ?? check.isGating
        self.timeoutSeconds = timeoutSeconds
        origin = check.origin
        ask = { try check.run(subject, cancellation: $0) }
    }

    /// A check of the policy.
    init(_ check: any AskedCheck) {
        identifier = check.policy.identifier
        type = check.policy.type
        source = check.source
        isGating = check.policy.isGating
        timeoutSeconds = check.policy.timeoutSeconds ?? CheckPolicy.timeoutSeconds
        origin = "the policy"
        ask = { try check.answer(cancellation: $0) }
    }
}
