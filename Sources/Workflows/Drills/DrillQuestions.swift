import Platform
import Policies
import Reports

/// The checks of one drill: those that the sources bring, and those that the policy asks for.
struct DrillQuestions {
    /// What the sources' own checks look at, in the order of the snapshot.
    let subjects: [(adapter: String, subject: CheckSubject)]
    /// Those of the policy, in its order.
    let asked: [any AskedCheck]
    /// All of them, in the order in which they are asked.
    let planned: [PlannedCheck]

    init(subjects: [(adapter: String, subject: CheckSubject)], policy: Policy?, system: StagedSystem?) {
        self.subjects = subjects
        let all = policy?.drill.checks ?? []
        asked = system.map { system in all.compactMap { AskedCatalog.check($0, of: system) } } ?? []
        let brought = subjects.flatMap { adapter, subject in
            CheckCatalog.all.filter { $0.adapter == adapter }.map { check in
                let said = Self.said(of: check.identifier, subject.source, all)
                return PlannedCheck(
                    check, of: subject, isGating: said?.isGating, timeoutSeconds: said?.timeoutSeconds)
            }
        }
        planned = brought + asked.map { PlannedCheck($0) }
    }

    /// What the policy says of a check that a source brings: what it says of the source counts before what it says of
    /// every source.
    private static func said(of type: String, _ source: String, _ checks: [CheckPolicy]) -> CheckPolicy? {
        let said = checks.filter { check in
            guard case .brought(type, let only) = check.kind else { return false }
            return only == nil || only == source
        }
        return said.first { $0.kind == .brought(type: type, source: source) } ?? said.first
    }

    /// Whether the policy has a question of its own that decides, so that what came back is shown to be usable.
    var showsUse: Bool { asked.contains { $0.policy.isGating } }

    /// Proves every check that passed. The questions of the policy come first, since what they need is damaged after
    /// them.
    func prove(
        _ checks: [Report.Check], area: StagingArea, cancellation: any Cancellation
    ) throws -> [Report.Proof] {
        var proofs: [Report.Proof] = []
        for type in AskedCatalog.all {
            for check in asked where Swift.type(of: check).type == type.type {
                try cancellation.check()
                let passed = checks.contains { $0.identifier == check.policy.identifier && $0.result == .passed }
                if passed { proofs += try check.prove(cancellation: cancellation) }
            }
        }
        return try proofs + CheckProver(subjects: subjects, area: area, cancellation: cancellation).run()
    }
}
