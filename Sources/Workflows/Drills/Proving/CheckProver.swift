import DataSources
import Platform
import Reports

/// Proves the checks that adapters bring: damages the staging copy in each way that one of them claims to see, asks
/// again, and tells which of them did not name what was damaged. Used once, when all of them have passed; what was
/// damaged stays so, and goes with the staging area.
struct CheckProver {
    let subjects: [(adapter: String, subject: CheckSubject)]
    let area: StagingArea
    let cancellation: any Cancellation

    /// One damage that was done.
    private struct Done {
        var kind: StagedDamage
        var object: String
        /// How a check's complaint about it begins, or goes on after the name of the database; empty where any
        /// complaint will do.
        var named: String
    }

    /// All proofs, in the order of the subjects; and what could not be damaged, in sentences.
    func run() throws -> (proofs: [Report.Proof], missing: [String]) {
        var proofs: [Report.Proof] = []
        var missing: [String] = []
        for (number, (adapter, subject)) in subjects.enumerated() {
            let checks = CheckCatalog.all.filter { $0.adapter == adapter && !$0.claims.isEmpty }
            let kinds = checks.reduce(into: Set<StagedDamage>()) { $0.formUnion($1.claims) }
            guard !kinds.isEmpty else { continue }
            let made: [Report.Proof]
            switch subject.place {
            case .files(let root):
                let aside = area.path(of: "aside-\(number)")
                made = try prove(checks, of: subject, files: root, aside: aside)
            case .server(let place, _): made = try prove(checks, of: subject, server: place)
            }
            proofs += made
            let undone = kinds.filter { kind in !made.contains { $0.damage == kind.rawValue } }.map(\.rawValue).sorted()
            if !undone.isEmpty {
                missing.append(
                    "checks of \(subject.source) with \(undone.joined(separator: ", ")): nothing fits for that")
            }
        }
        return (proofs, missing)
    }

    private func prove(
        _ checks: [any DrillCheck.Type], of subject: CheckSubject, files root: [UInt8], aside: [UInt8]
    ) throws -> [Report.Proof] {
        let damager = FilesDamager(root: root, aside: aside, cancellation: cancellation)
        guard let removed = try damager.make(.removedFile) else { return [] }
        let first = done(removed, subject)
        if let flipped = try damager.make(.flippedByte, sparing: removed.object) {
            return try judge([first, done(flipped, subject)], by: checks, of: subject)
        }
        // There is one file only: one damage after the other.
        var proofs = try judge([first], by: checks, of: subject)
        try removed.undo()
        if let flipped = try damager.make(.flippedByte) {
            proofs += try judge([done(flipped, subject)], by: checks, of: subject)
        }
        return proofs
    }

    private func done(_ damage: FilesDamager.Damage, _ subject: CheckSubject) -> Done {
        let object = damage.object.isEmpty ? subject.source : damage.object
        return Done(kind: damage.kind, object: object, named: damage.object.isEmpty ? "" : damage.object + " ")
    }

    private func prove(
        _ checks: [any DrillCheck.Type], of subject: CheckSubject, server place: PostgresLocation
    ) throws -> [Report.Proof] {
        let databases = try PostgresManifest(subject.tree.manifest()).databases
        let damagers = try databases.map { ($0.name, try PostgresDamager($0, in: place)) }
        func make(_ kind: PostgresDamage.Kind, sparing spared: String? = nil) throws -> Made? {
            for (name, damager) in damagers {
                guard let damage = try damager.make(kind, sparing: spared) else { continue }
                return Made(damage: damage, damager: damager, database: name)
            }
            return nil
        }
        let swapped = try make(.swappedValues)
        let others = try [PostgresDamage.Kind.droppedIndex, .rolledBackSequence].compactMap { try make($0) }
        // A table for each damage, so that it can be told who saw which; else one damage after the other.
        let apart = swapped == nil ? nil : try make(.deletedRow, sparing: swapped?.damage.object)
        let together = [swapped, apart].compactMap { $0 } + others
        var proofs = together.isEmpty ? [] : try judge(together.map(done), by: checks, of: subject)
        if apart == nil {
            if let swapped, try !swapped.damager.undo(swapped.damage) { return proofs }
            if let deleted = try make(.deletedRow) {
                proofs += try judge([done(deleted)], by: checks, of: subject)
            }
        }
        return proofs
    }

    private struct Made {
        var damage: PostgresDamage
        var damager: PostgresDamager
        var database: String
    }

    private func done(_ made: Made) -> Done {
        let kind: StagedDamage =
            switch made.damage.kind {
            case .deletedRow: .deletedRow
            case .swappedValues: .swappedValues
            case .droppedIndex: .droppedIndex
            case .rolledBackSequence: .rolledBackSequence
            }
        return Done(kind: kind, object: "\(made.database): \(made.damage.object)", named: made.damage.object + ": ")
    }

    /// Asks each check that claims one of the damages once, and looks whether it names them.
    private func judge(
        _ damages: [Done], by checks: [any DrillCheck.Type], of subject: CheckSubject
    ) throws -> [Report.Proof] {
        var proofs = damages.map {
            Report.Proof($0.kind.rawValue, source: subject.source, object: $0.object, caughtBy: [], blind: [])
        }
        for check in checks where damages.contains(where: { check.claims.contains($0.kind) }) {
            try cancellation.check()
            let differing = try differences(check, subject)
            for (index, damage) in damages.enumerated() where check.claims.contains(damage.kind) {
                let isSeen = differing.contains { damage.named.isEmpty || $0.contains(damage.named) }
                if isSeen {
                    proofs[index].caughtBy.append(check.identifier)
                } else {
                    proofs[index].blind.append(check.identifier)
                }
            }
        }
        return proofs
    }

    private func differences(_ check: any DrillCheck.Type, _ subject: CheckSubject) throws -> [String] {
        do { return try check.run(subject, cancellation: cancellation).differing } catch {
            try cancellation.check()
            // What cannot be looked at any more is told, and is no green answer: it names what it is about.
            return [Failure(error).description]
        }
    }
}
