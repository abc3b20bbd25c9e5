import Platform
import Policies
import Reports

/// The checks of one drill: those that the sources bring, and those that the policy asks for.
struct DrillQuestions {
    /// What the sources' own checks look at, in the order of the snapshot.
    let subjects: [(adapter: String, subject: CheckSubject)]
    /// Those of the policy, in its order.
    let asked: [any AskedCheck]
    private let brought: [PlannedCheck]

    init(subjects: [(adapter: String, subject: CheckSubject)], policy: Policy?, system: StagedSystem?) {
        self.subjects = subjects
        let all = policy?.drill.checks ?? []
        asked = system.map { system in all.compactMap { AskedCatalog.check($0, of: system) } } ?? []
        brought = subjects.flatMap { adapter, subject in
            CheckCatalog.all.filter { $0.adapter == adapter }.map { check in
                let said = Self.said(of: check.identifier, subject.source, all)
                return PlannedCheck(
                    check, of: subject, isGating: said?.isGating, timeoutSeconds: said?.timeoutSeconds)
            }
        }
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

    /// Those that compare with what the sources said; the programs of the policy are not started yet.
    var ofSources: [PlannedCheck] { brought }
    /// Those of the policy.
    var ofPolicy: [PlannedCheck] { asked.map { PlannedCheck($0) } }

    /// What came of the proof of the checks.
    struct Proof {
        var proofs: [Report.Proof] = []
        /// What could not be proved, in sentences.
        var missing: [String] = []
    }

    /// Proves every check that passed. The questions of the policy come first, since what they need is damaged after
    /// them; of those, the ones that need the programs gone come last. A proof that cannot be made is told, and is
    /// none.
    func prove(_ checks: [Report.Check], area: StagingArea, clock: any Clock, cancellation: any Cancellation) throws
        -> Proof
    {
        var outcome = Proof()
        let ordered = asked.filter { !$0.provesByEndingPrograms } + asked.filter(\.provesByEndingPrograms)
        for check in ordered {
            let name = check.policy.identifier
            guard checks.contains(where: { $0.identifier == name && $0.result == .passed }) else {
                outcome.missing.append("whether \(name) would see a damage: it did not pass by itself")
                continue
            }
            let patience = DeadlineCancellation(cancellation, clock: clock)
            patience.allow(check.policy.timeoutSeconds ?? CheckPolicy.timeoutSeconds, for: "its proof")
            do {
                outcome.proofs += try check.prove(cancellation: patience)
            } catch {
                try cancellation.check()
                outcome.missing.append("whether \(name) would see a damage: \(Failure(error).description)")
            }
        }
        do {
            let prover = CheckProver(subjects: subjects, area: area, cancellation: cancellation)
            let (proofs, missing) = try prover.run()
            outcome.proofs += proofs
            outcome.missing += missing
        } catch {
            try cancellation.check()
            outcome.missing.append("whether the sources' own checks would see a damage: \(Failure(error).description)")
        }
        return outcome
    }
}
