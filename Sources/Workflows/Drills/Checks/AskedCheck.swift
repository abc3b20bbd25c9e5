import Platform
import Policies
import Reports

/// A question that the policy asks of what came back.
protocol AskedCheck: SendableMetatype {
    /// The words in a policy's `type`.
    static var type: String { get }
    /// The check as the policy has it.
    var policy: CheckPolicy { get }
    /// The source that it is about; empty where it is about all.
    var source: String { get }

    /// The check that `policy` describes; nil when it is of another type.
    init?(_ policy: CheckPolicy, of system: StagedSystem)
    /// Whether its proof ends the started programs, so that it comes after all others.
    var provesByEndingPrograms: Bool { get }

    /// Looks, and answers. Throws when it cannot look at all: that says nothing about what came back.
    func answer(cancellation: any Cancellation) throws -> CheckAnswer
    /// Damages what it looks at, in every way that it must see, and takes the damage back; a damage that it does not
    /// see makes it blind. Called once, after it has passed.
    func prove(cancellation: any Cancellation) throws -> [Report.Proof]
}

extension AskedCheck {
    var provesByEndingPrograms: Bool { false }

    /// The proof of one damage, seen or not.
    func proof(_ damage: String, _ object: String, isSeen: Bool) -> Report.Proof {
        Report.Proof(
            damage, source: source, object: object, caughtBy: isSeen ? [policy.identifier] : [],
            blind: isSeen ? [] : [policy.identifier])
    }

    /// Whether the check turns red now. A question that cannot be asked any more is no green answer.
    func isRed(cancellation: any Cancellation) throws -> Bool {
        do { return try !answer(cancellation: cancellation).differing.isEmpty } catch {
            try cancellation.check()
            return true
        }
    }
}
