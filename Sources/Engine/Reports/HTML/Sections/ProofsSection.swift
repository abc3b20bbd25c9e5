import Formats

/// Whether the checks see what they claim to see.
struct ProofsSection {
    private static let proofsMax = 100

    let report: Report

    /// The table, with what went unseen first.
    var markup: Markup {
        guard !report.proofs.isEmpty else { return "" }
        let blind = report.proofs.filter { !$0.blind.isEmpty }
        return """
            <section aria-labelledby="proofs"><h2 id="proofs">The checks themselves, proved</h2>
            <p>After everything had passed, the staging copy was damaged on purpose. \(sentence(blind.count))</p>
            \(HTMLList.table(
                "Each damage, and which checks saw it.", ["result", "damage", "done to", "seen by"],
                blind + report.proofs.filter(\.blind.isEmpty), max: Self.proofsMax, bytes: 40_000, style: "stack",
                row: row))</section>

            """
    }

    private func sentence(_ blind: Int) -> Markup {
        blind == 0
            ? "Every damage was seen."
            : """
            <strong class="bad tone">\(Quantity.count(blind, "damage")) of \(Quantity.count(report.proofs.count)) went \
            unseen: a check that stayed green is blind, and its pass shows nothing.</strong>
            """
    }

    private func row(_ proof: Report.Proof) -> Markup {
        let isBlind = !proof.blind.isEmpty
        let unseen: Markup =
            isBlind ? "<span class=\"bad tone\">stayed green: \(proof.blind.joined(separator: ", "))</span>" : ""
        let seen = proof.caughtBy.joined(separator: ", ")
        return """
            <tr><td data-label="result" class="w">\
            \(Self.result(isBlind: isBlind))</td>\
            <th scope="row">\(proof.damage)</th>\
            <td data-label="done to">\(proof.object)<small>\(proof.source)</small></td>\
            <td data-label="seen by">\(seen)\(isBlind && !seen.isEmpty ? "; " : "")\(unseen)</td></tr>

            """
    }

    private static func result(isBlind: Bool) -> Markup {
        isBlind ? "<span class=\"bad tone\">✕ BLIND</span>" : "<span class=\"good tone\">✓ seen</span>"
    }
}
