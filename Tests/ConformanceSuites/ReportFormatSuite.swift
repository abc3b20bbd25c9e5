import Formats
import Reports
import Testing

/// What every format of reports must do; a test runs it over each, with every report that it can think of.
package struct ReportFormatSuite: Sendable {
    private let format: any ReportFormat.Type
    private let reports: [String: Report]
    private let columns: Int?

    /// Takes a format and the reports that it shall write down, by name. `columns` is how wide a page of it may be;
    /// nil for a format that machines read.
    package init(_ format: any ReportFormat.Type, reports: [String: Report], columns: Int?) {
        self.format = format
        self.reports = reports
        self.columns = columns
    }

    /// All promises, each under its name.
    package func run() throws {
        #expect(!reports.isEmpty)
        #expect(!format.name.isEmpty && format.name.allSatisfy { $0.isLowercase }, "the name is a word")
        for (name, report) in reports.sorted(by: { $0.key < $1.key }) {
            let text = format.render(report)
            #expect(format.render(report) == text, "\(shown(name)): the same report gives the same text")
            endsWithOneLineBreak(text, name)
            namesWhatMatters(report, text, name)
            hasNoControls(text, name)
            if let columns { keepsItsWidth(text, columns, name) }
            if format == JSONReport.self { try comesBack(report, text, name) }
        }
    }

    private func endsWithOneLineBreak(_ text: String, _ name: String) {
        #expect(text.utf8.last == 0x0a, "\(shown(name)) ends with a line break")
        #expect(!text.utf8.dropLast().isEmpty && text.utf8.dropLast().last != 0x0a, "\(shown(name)) ends with a line")
    }

    /// Whoever reads one line of the report knows what was drilled, how it ended, and what went wrong.
    private func namesWhatMatters(_ report: Report, _ text: String, _ name: String) {
        // A page may wrap anywhere, and escape what is no plain word.
        let written = String(text.lowercased().filter { $0 != " " && $0 != "\n" })
        func expect(_ what: String, _ value: String) {
            for word in Self.plainWords(value) {
                #expect(written.contains(word), "\(shown(name)) does not name \(what): \(value.debugDescription)")
            }
        }
        expect("the verdict", report.verdict)
        expect("the system", report.system)
        for check in report.checks where check.result != .passed {
            expect("a check that did not pass", check.identifier)
            expect("the source of a check that did not pass", check.source)
            for item in check.differing { expect("what differs", item) }
        }
        for leftover in report.leftovers { expect("what is left behind", leftover) }
    }

    /// The words of a text that no format has a reason to write in another way.
    private static func plainWords(_ text: String) -> [String] {
        text.lowercased().unicodeScalars.split { scalar in
            !(scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)))
        }.map { String($0) }
    }

    /// What somebody else chose must neither move a cursor, nor begin a line, nor turn what follows it round.
    private func hasNoControls(_ text: String, _ name: String) {
        let controls = text.unicodeScalars.filter { $0 != "\n" && Self.steers($0) }
        #expect(controls.isEmpty, "\(shown(name)) holds \(controls.map { String($0.value, radix: 16) })")
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default:
            [0x061c, 0x200e, 0x200f].contains(scalar.value) || (0x202a...0x202e).contains(scalar.value)
                || (0x2066...0x2069).contains(scalar.value)
        }
    }

    private func keepsItsWidth(_ text: String, _ columns: Int, _ name: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let width = line.reduce(0) { $0 + ($1.unicodeScalars.contains(where: Self.isWide) ? 2 : 1) }
            #expect(width <= columns, "\(shown(name)): \(width) columns in “\(line)”")
            #expect(!line.hasSuffix(" "), "\(shown(name)): a blank at the end of “\(line)”")
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isIdeographic || scalar.properties.isEmojiPresentation
    }

    private func comesBack(_ report: Report, _ text: String, _ name: String) throws {
        #expect(text.utf8.count { $0 == 0x0a } == 1, "\(shown(name)) is one line")
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(try ReportCoding.report(from: value) == report, "\(shown(name)) comes back without loss")
    }

    private func shown(_ name: String) -> String { "\(format.name) of “\(name)”" }
}
