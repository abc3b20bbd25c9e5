import Formats
import Platform

/// The report as JUnit XML: a suite a drill; a case for the verdict, each objective, counted phase, check and proof.
///
/// What could not run is an error and never skipped, since most boards show skipped as green. A file is red if, and
/// only if, the drill did not end with exit code 0: an audit, a check for which no recovery waits, is a case named
/// `audit: …` that is always green, with what it found in its `system-out`; and the RPO is no case where an older
/// snapshot was chosen on purpose, which the `system-out` of the suite says. The order of elements,
/// and the attributes that are always there, are those of the schema of Ant's and Jenkins' readers.
package enum JUnitReport: ReportFormat {
    package static let name = "junit"
    package static let purpose = "test cases for a CI server"

    package static func render(_ book: ReportBook) -> String {
        let report = book.report
        let found = JUnitCases(report: report)
        let cases = found.all
        let count = { (kind: JUnitCase.Trouble.Kind) in cases.count { $0.trouble?.kind == kind } }
        let document: Markup = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
            <testsuite id="0" package="salvor" name="\(named("salvor.\(report.system)"))" \
            hostname="\(hostname(report))" timestamp="\(timestamp(report))" tests="\(cases.count)" \
            failures="\(count(.failure))" errors="\(count(.error))" \
            time="\(seconds(report.ended.seconds(since: report.started)))">
            <properties>
            \(properties(report))</properties>
            \(cases.map { element($0, suite: "salvor.\(report.system)") })\
            <system-out>\(([report.summary] + found.remarks).joined(separator: "\n"))</system-out>
            <system-err>\(report.leftovers.map { "left behind: \($0)\n" as Markup })</system-err>
            </testsuite>
            </testsuites>

            """
        return document.text
    }

    private static func element(_ test: JUnitCase, suite: String) -> Markup {
        let head: Markup = """
            <testcase classname="\(named(suite))" name="\(named(test.name))" time="\(seconds(test.seconds))"
            """
        guard let trouble = test.trouble else {
            guard !test.output.isEmpty else { return "\(head)/>\n" }
            let said = test.output.filter { !$0.isEmpty }
            return "\(head)><system-out>\(said.map { "\($0)\n" as Markup })</system-out></testcase>\n"
        }
        let tag: Markup = trouble.kind == .failure ? "failure" : "error"
        let said = trouble.lines.filter { !$0.isEmpty }
        return """
            \(head)><\(tag) type="\(named(trouble.type))" message="\(trouble.message)">\
            \((said.isEmpty ? [trouble.type] : said).map { "\($0)\n" as Markup })</\(tag)></testcase>

            """
    }

    private static func properties(_ report: Report) -> Markup {
        var facts: [(String, String)] = [
            ("drill", report.identifier), ("verdict", report.verdict), ("evidenceLevel", report.evidenceLevel ?? ""),
        ]
        if let seconds = report.measuredRecoverySeconds { facts.append(("recoverySeconds", "\(seconds)")) }
        if let seconds = report.dataLossWindowSeconds { facts.append(("dataLossSeconds", "\(seconds)")) }
        facts += report.conditions.map { ($0.key, $0.value) }
        return Markup(facts.map { "<property name=\"\(named($0.0))\" value=\"\($0.1)\"/>\n" })
    }

    /// A name as the schema wants it: something, without blanks at its ends or in a row.
    private static func named(_ name: String) -> String {
        let words = VisibleText.of(name).split(separator: " ")
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }

    private static func hostname(_ report: Report) -> String {
        let fact = report.conditions.first { $0.key == "host" }?.value ?? "localhost"
        return named(String(fact.prefix { $0 != "," && $0 != " " }))
    }

    /// Without a zone, which is what readers of these files understand; it is UTC.
    private static func timestamp(_ report: Report) -> String {
        String(Timestamp.string(seconds: report.started.seconds).dropLast())
    }

    /// With a decimal point and without an exponent.
    private static func seconds(_ seconds: Double) -> String {
        Quantity.fixed(seconds.isFinite ? min(max(seconds, 0), 1e12) : 0, 3)
    }
}
