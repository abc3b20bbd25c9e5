extension Report {
    /// The report with each text cut after `max` characters, so that a page has an end whatever names are in it. Lists
    /// keep their lengths: whoever writes them down says how many are left out.
    func clipped(to max: Int) -> Report {
        func cut(_ text: String) -> String { VisibleText.beginning(text, max: max) }
        var report = self
        report.system = cut(system)
        report.verdict = cut(verdict)
        report.summary = VisibleText.beginning(summary, max: max * 4)
        report.reasons = reasons.map(cut)
        report.evidenceLevel = evidenceLevel.map(cut)
        report.identifier = cut(identifier)
        report.policy = policy.map { PolicyMark(name: cut($0.name), digest: cut($0.digest)) }
        report.snapshot?.identifier = cut(snapshot?.identifier ?? "")
        report.selection = cut(selection)
        report.conditions = conditions.map { Fact($0.key, cut($0.label), cut($0.value)) }
        for index in phases.indices {
            report.phases[index].name = cut(phases[index].name)
            report.phases[index].note = cut(phases[index].note)
        }
        report.checks = checks.map { Self.clipped($0, cut) }
        report.proofs = proofs.map {
            Proof(
                cut($0.damage), source: cut($0.source), object: cut($0.object), caughtBy: $0.caughtBy.map(cut),
                blind: $0.blind.map(cut))
        }
        for index in sources.indices {
            report.sources[index].name = cut(sources[index].name)
            report.sources[index].adapter = cut(sources[index].adapter)
            report.sources[index].evidenceLevel = cut(sources[index].evidenceLevel)
        }
        report.findings = findings.map { Remark(cut($0.object), cut($0.sentence)) }
        report.notTested = notTested.map(cut)
        for index in largest.indices { report.largest[index].name = cut(largest[index].name) }
        report.remedies = remedies.map {
            Remedy(cut($0.sentence), ground: cut($0.ground), minutesSaved: $0.minutesSaved)
        }
        report.leftovers = leftovers.map(cut)
        report.teardown = cut(teardown)
        report.previous = previous.map(cut)
        return report
    }

    private static func clipped(_ check: Check, _ cut: (String) -> String) -> Check {
        Check(
            cut(check.identifier), source: cut(check.source), result: check.result, gating: check.gating,
            seconds: check.seconds, detail: cut(check.detail), type: cut(check.type), expected: cut(check.expected),
            origin: cut(check.origin), actual: cut(check.actual), differing: check.differing.map(cut),
            compared: check.compared)
    }
}
