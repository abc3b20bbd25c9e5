import Platform

/// What there is to measure in the systems of a repository. Only instants and amounts, never ages: a file is read on
/// and on, also when nobody writes it any more, and what it says must stay true.
struct SystemMetrics {
    private static let verdicts = ["recovered", "degraded", "unrecoverable", "unverifiable", "stale"]

    /// Clocks that differ by less are no matter.
    private static let secondsFuture = 60.0

    private let systems: [RepositoryBook.System]
    /// The same without what lies in the future. A writer whose clock was ahead would keep every alert silent until
    /// that time has come.
    private let past: [RepositoryBook.System]
    private let now: Instant

    init(_ book: RepositoryBook) {
        let now = book.now
        self.now = now
        systems = book.systems
        past = book.systems.map { system in
            RepositoryBook.System(
                system.name, drills: system.drills.filter { !Self.isAhead($0.ended, now) },
                points: system.points.filter { !Self.isAhead($0.dataTime, now) })
        }
    }

    /// Writes all of them.
    func write(to text: inout PrometheusText) {
        objectives(&text)
        points(&text)
        drills(&text)
        lastDrill(&text)
        parts(&text)
    }

    private func objectives(_ text: inout PrometheusText) {
        text.metric("salvor_objective_rto_seconds", "The longest time that the recovery may take, as the policy says.")
        each(&text, past) {
            $0.drills.last { $0.objectives.recoveryTimeSeconds != nil }?.objectives.recoveryTimeSeconds
        }
        text.metric(
            "salvor_objective_rpo_seconds", "The longest stretch of data that may be lost, as the policy says.")
        each(&text, past) {
            $0.drills.last { $0.objectives.recoveryPointSeconds != nil }?.objectives.recoveryPointSeconds
        }
    }

    private func points(_ text: inout PrometheusText) {
        text.metric(
            "salvor_recovery_point_data_timestamp_seconds",
            "The instant that the newest snapshot's data represents, 0 when there is none.")
        each(&text, past) { $0.points.map { Self.unix($0.dataTime) }.max() ?? 0 }
        text.metric(
            "salvor_recovery_point_committed_timestamp_seconds",
            "The instant at which the last snapshot was committed, 0 when there is none.")
        each(&text, past) { system in
            system.points.map(\.committed).filter { !Self.isAhead($0, now) }.map(Self.unix).max() ?? 0
        }
        text.metric(
            "salvor_recovery_point_oldest_timestamp_seconds",
            "The instant that the oldest snapshot's data represents.")
        each(&text) { $0.points.map { Self.unix($0.dataTime) }.min() }
        text.metric("salvor_recovery_points", "How many snapshots can be restored.")
        each(&text) { Double($0.points.count) }
        text.metric("salvor_future_records", "How many snapshots and reports of drills lie in the future.")
        each(&text) { system in
            Double(
                system.points.count { Self.isAhead(max($0.dataTime, $0.committed), now) }
                    + system.drills.count { Self.isAhead($0.ended, now) })
        }
        text.metric("salvor_source_bytes", "The size of a source in the newest snapshot.")
        for system in past {
            for amount in system.points.last?.sources ?? [] {
                text.sample(Double(amount.bytes), [("system", system.name), ("source", amount.source)])
            }
        }
        text.metric("salvor_source_items", "How many entries a source has in the newest snapshot.")
        for system in past {
            for amount in system.points.last?.sources ?? [] {
                guard let items = amount.items else { continue }
                text.sample(Double(items), [("system", system.name), ("source", amount.source)])
            }
        }
    }

    private func drills(_ text: inout PrometheusText) {
        text.metric("salvor_drills", "How many drills are on record.")
        each(&text) { Double($0.drills.count) }
        text.metric("salvor_drill_last_timestamp_seconds", "The end of the last drill, 0 for never.")
        each(&text, past) { $0.drills.map { Self.unix($0.ended) }.max() ?? 0 }
        text.metric(
            "salvor_drill_last_success_timestamp_seconds",
            "The end of the last drill that recovered the system, 0 for never.")
        each(&text, past) { $0.drills.filter { $0.verdict == "recovered" }.map { Self.unix($0.ended) }.max() ?? 0 }
    }

    private func lastDrill(_ text: inout PrometheusText) {
        text.metric("salvor_drill_verdict", "Whether the last drill ended with this verdict.")
        for system in past {
            guard let drill = system.drills.last else { continue }
            let others = Self.verdicts.contains(drill.verdict) ? [] : [drill.verdict]
            for verdict in Self.verdicts + others {
                text.sample(drill.verdict == verdict ? 1 : 0, [("system", system.name), ("verdict", verdict)])
            }
        }
        text.metric("salvor_drill_exit_code", "The exit code of the last drill.")
        each(&text, past) { $0.drills.last.map { Double($0.exitCode) } }
        text.metric("salvor_drill_evidence_level", "How far the last drill proved, from 0 present to 7 in time.")
        each(&text, past) { $0.drills.last.flatMap(Self.level) }
        text.metric("salvor_drill_recovery_seconds", "The measured recovery time of the last drill that has one.")
        each(&text, past) { $0.drills.last { $0.measuredRecoverySeconds != nil }?.measuredRecoverySeconds }
        text.metric("salvor_drill_data_loss_seconds", "The data-loss window of the last drill.")
        each(&text, past) { $0.drills.last?.dataLossWindowSeconds }
        text.metric("salvor_drill_blind_checks", "How many damages done on purpose went unseen in the last drill.")
        each(&text, past) { $0.drills.last.map { Double($0.proofs.count { !$0.blind.isEmpty }) } }
        text.metric("salvor_drill_leftovers", "How many things the last drill left behind that a person must remove.")
        each(&text, past) { $0.drills.last.map { Double($0.leftovers.count) } }
    }

    private func parts(_ text: inout PrometheusText) {
        text.metric("salvor_drill_phase_seconds", "The share of a counted phase in the last drill's recovery time.")
        for system in past {
            for phase in system.drills.last?.phases ?? [] where phase.counted {
                text.sample(phase.shareSeconds, [("system", system.name), ("phase", phase.name)])
            }
        }
        text.metric(
            "salvor_drill_checks",
            "How many checks of the last drill had this result, those that decide (gating) and the others.")
        for system in past {
            guard let drill = system.drills.last else { continue }
            let results: [(Report.Check.Result, String)] = [
                (.passed, "passed"), (.failed, "failed"), (.notRun, "could_not_run"),
            ]
            for (result, word) in results {
                for gating in [true, false] {
                    let count = drill.checks.count { $0.result == result && $0.gating == gating }
                    text.sample(
                        Double(count), [("system", system.name), ("gating", "\(gating)"), ("result", word)])
                }
            }
        }
    }

    /// One sample a system, where it has a value.
    private func each(
        _ text: inout PrometheusText, _ chosen: [RepositoryBook.System]? = nil,
        _ value: (RepositoryBook.System) -> Double?
    ) {
        for system in chosen ?? systems {
            if let value = value(system) { text.sample(value, [("system", system.name)]) }
        }
    }

    private static func isAhead(_ instant: Instant, _ now: Instant) -> Bool {
        instant.seconds(since: now) > secondsFuture
    }

    private static func unix(_ instant: Instant) -> Double { Double(instant.seconds) }

    private static func level(_ report: Report) -> Double? {
        guard let text = report.evidenceLevel, text.hasPrefix("L") else { return nil }
        return text.dropFirst().first?.wholeNumberValue.map { Double($0) }
    }
}
