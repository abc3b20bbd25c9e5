import Formats

/// What is wrong as annotations of GitHub Actions: workflow commands, one a line, for the standard output of a step.
/// An audit that did not pass is a warning: the drill does not fail for it. GitHub shows ten of each kind a step and
/// drops the rest, so that the last one here says how many there are.
package enum AnnotationsReport: ReportFormat {
    package static let name = "annotations"
    package static let purpose = "::error lines for a step of GitHub Actions"

    private static let toldMax = 8
    private static let textMax = 100

    package static func render(_ book: ReportBook) -> String {
        let report = book.report.clipped(to: textMax)
        let isWell = report.exitCode == 0 && report.verdict == "recovered"
        let verdict = "restore drill of \(report.system): \(report.verdict)"
        var told: [(command: String, title: String, text: String)] = [
            (isWell ? "notice" : "error", verdict, report.summary)
        ]
        told += book.alarms.map { ("error", "evidence", $0) }
        for check in report.checks where check.result != .passed {
            let word = check.result == .failed ? "failed" : "could not run"
            let found = check.expected.isEmpty ? "" : " (expected \(check.expected), found \(check.actual))"
            let items = check.differing.isEmpty ? "" : ": \(check.differing.prefix(3).joined(separator: ", "))"
            told.append(
                (check.gating ? "error" : "warning", "\(check.whole) \(word)", check.detail + found + items))
        }
        for proof in report.proofs where !proof.blind.isEmpty {
            let blind = proof.blind.joined(separator: ", ")
            told.append(("error", "a check is blind", "\(proof.damage) went unseen by \(blind)"))
        }
        told += report.leftovers.map { ("error", "left behind", $0) }
        let left = told.dropFirst(toldMax)
        let command = left.contains { $0.command == "error" } ? "error" : "warning"
        let more =
            left.isEmpty
            ? "" : line(command, "restore drill of \(report.system)", "and \(Quantity.count(left.count)) more")
        return told.prefix(toldMax).map { line($0.command, $0.title, $0.text) }.joined() + more
    }

    private static func line(_ command: String, _ title: String, _ text: String) -> String {
        "::\(command) title=\(escaped(title, ",:"))::\(escaped(text, ""))\n"
    }

    /// As GitHub reads it: `%` and line breaks by their numbers in a message, `,` and `:` too in a property.
    private static func escaped(_ text: String, _ others: String) -> String {
        var shown = ""
        for scalar in VisibleText.of(text).unicodeScalars {
            if scalar == "%" || others.unicodeScalars.contains(scalar) {
                shown += "%" + String(scalar.value, radix: 16, uppercase: true)
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
