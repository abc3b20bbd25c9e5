import Formats

/// Under which conditions the drill was run, and why this page may be believed.
struct EvidenceSection {
    let book: ReportBook

    private var report: Report { book.report }

    /// Sources, conditions and evidence.
    var markup: Markup {
        """
        \(sources)<section aria-labelledby="conditions"><h2 id="conditions">Conditions of the measurement</h2>
        \(HTMLList.facts(conditions, max: 80, bytes: 26_000))</section>
        <section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
        \(HTMLList.facts(evidence, max: 20, bytes: 12_000))</section>

        """
    }

    private var sources: Markup {
        guard !report.sources.isEmpty else { return "" }
        return """
            <section aria-labelledby="sources"><h2 id="sources">What was brought back</h2>
            \(HTMLList.table(
                "Source by source.", ["source", "kind", .number("size"), .number("items"), "evidence"], report.sources,
                max: 50,
                bytes: 16_000, style: "line"
            ) { source in
                """
                <tr><th scope="row">\(source.name)</th><td>\(source.adapter)</td>\
                <td class="n">\(Quantity.bytes(source.bytes))</td><td class="n">\(Quantity.count(source.items))</td>\
                <td>\(source.evidenceLevel)</td></tr>

                """
            })</section>

            """
    }

    private var conditions: [(label: String, value: Markup)] {
        var facts: [(label: String, value: Markup)] = [
            ("started", "\(HTMLWords.minute(report.started))"), ("ended", "\(HTMLWords.minute(report.ended))"),
        ]
        if let snapshot = report.snapshot {
            facts.append(
                (
                    "snapshot",
                    """
                    <code>\(snapshot.identifier)</code>, data of \(HTMLWords.minute(snapshot.dataTime)), committed \
                    \(HTMLWords.minute(snapshot.committed))
                    """
                ))
        }
        if !report.selection.isEmpty { facts.append(("chosen", "\(report.selection)")) }
        return facts + report.conditions.map { ($0.label, "\($0.value)") }
    }

    private var evidence: [(label: String, value: Markup)] {
        var facts: [(label: String, value: Markup)] = [("report", "<code>\(report.identifier)</code>")]
        if let policy = report.policy {
            facts.append(("policy", "\(policy.name), SHA-256 <code>\(policy.digest)</code>"))
        }
        if let standing = book.evidence {
            facts.append(("SHA-256 of the stored report", "<code>\(standing.digest)</code>"))
            facts.append(("signature", signature(standing.signature)))
        }
        facts.append(("report before this one", previous))
        if !report.teardown.isEmpty { facts.append(("staging afterwards", "\(report.teardown)")) }
        let exit = ([String(report.exitCode)] + report.reasons).joined(separator: " ")
        facts.append(("exit code of the drill", "\(exit)"))
        return facts
    }

    private func signature(_ signature: EvidenceStanding.Signature?) -> Markup {
        switch signature {
        case .signed(let key)?: "<span class=\"good tone\">✓ holds</span>\(key.map { ", by \($0)" } ?? "")"
        case .unsigned?: "<span class=\"warn tone\">! not signed</span>"
        case .wrong?: "<span class=\"bad tone\">✕ WRONG: this is not what was signed</span>"
        case nil: "<span class=\"off tone\">? not looked at</span>"
        }
    }

    private var previous: Markup {
        guard let previous = report.previous else {
            let words = "this report names no report before it, although there are older ones"
            switch book.evidence?.chain {
            case .cutOff?: return "<span class=\"bad tone\">✕ \(words)</span>"
            case .forked?: return "<span class=\"warn tone\">! \(words): two drills ran at once</span>"
            case .first?, .linked?, .broken?, nil: return "none: this is the first"
            }
        }
        switch book.evidence?.chain {
        case .broken?:
            return
                "<code>\(previous)</code> <span class=\"bad tone\">✕ NOT in the repository: a broken chain</span>"
        case .linked?, .first?, .cutOff?, .forked?:
            return "<code>\(previous)</code> <span class=\"good tone\">✓ in the repository</span>"
        case nil: return "<code>\(previous)</code>"
        }
    }
}
