import Formats
import Reports
import Testing

/// What every format of reports must do; a test runs it over each, with every report that it can think of.
package struct ReportFormatSuite: Sendable {
    private let name: String
    private let reports: [String: Report]
    private let limits: Limits
    private let render: @Sendable (Report) -> String

    /// What a format may leave away.
    package struct Limits: Sendable {
        /// How wide a page may be; nil where machines read it.
        package var columns: Int?
        /// How many bytes a report may take, whatever is in it.
        package var bytes: Int
        /// How many of the objects that differ are named, a check.
        package var differing: Int
        /// How many checks that did not pass are named at least.
        package var checks: Int
        /// How many leftovers are named at least.
        package var leftovers: Int
        /// How many letters of a word are written at least.
        package var letters: Int

        /// Leaves nothing away.
        package init(
            columns: Int? = nil, bytes: Int = .max, differing: Int = .max, checks: Int = .max,
            leftovers: Int = .max, letters: Int = .max
        ) {
            self.columns = columns
            self.bytes = bytes
            self.differing = differing
            self.checks = checks
            self.leftovers = leftovers
            self.letters = letters
        }
    }

    /// Takes a format's name, the reports that it shall write down, by name, and what it may leave away.
    package init(
        _ name: String, reports: [String: Report], limits: Limits, render: @escaping @Sendable (Report) -> String
    ) {
        self.name = name
        self.reports = reports
        self.limits = limits
        self.render = render
    }

    /// All promises, each under its name.
    package func run() throws {
        #expect(!reports.isEmpty)
        #expect(!name.isEmpty && name.allSatisfy { $0.isLowercase }, "the name is a word")
        for (name, report) in reports.sorted(by: { $0.key < $1.key }) {
            let text = render(report)
            #expect(render(report) == text, "\(shown(name)): the same report gives the same text")
            #expect(text.utf8.count <= limits.bytes, "\(shown(name)) has \(text.utf8.count) bytes")
            endsWithOneLineBreak(text, name)
            namesWhatMatters(report, text, name)
            hasNoControls(text, name)
            if let columns = limits.columns { keepsItsWidth(text, columns, name) }
            if self.name == JSONReport.name { try comesBack(report, text, name) }
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
        let words = Set(Self.plainWords(text))
        func expect(_ what: String, _ value: String) {
            for word in Self.plainWords(VisibleText.beginning(value, max: limits.letters)) {
                #expect(
                    words.contains(word) || written.contains(word),
                    "\(shown(name)) does not name \(what): \(value.debugDescription)")
            }
        }
        expect("the verdict", report.verdict)
        expect("the system", report.system)
        for check in report.checks.filter({ $0.result != .passed }).prefix(limits.checks) {
            expect("a check that did not pass", check.identifier)
            expect("the source of a check that did not pass", check.source)
            for item in check.differing.prefix(limits.differing) { expect("what differs", item) }
        }
        for leftover in report.leftovers.prefix(limits.leftovers) { expect("what is left behind", leftover) }
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
        // Most of any page; the properties take their time.
        if (0x20..<0x7f).contains(scalar.value) { return false }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        default:
            return [0x061c, 0x200e, 0x200f].contains(scalar.value) || (0x202a...0x202e).contains(scalar.value)
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

    private func shown(_ name: String) -> String { "\(self.name) of “\(name)”" }
}
