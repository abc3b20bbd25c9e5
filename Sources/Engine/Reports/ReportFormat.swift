/// A way to write one drill down. Pure: the same book gives the same bytes.
package protocol ReportFormat: Sendable {
    /// The name on the command line: `text`, `json`.
    static var name: String { get }
    /// What it is, for the help: `one page for a browser`.
    static var purpose: String { get }
    /// The book in this format, ending with a line break.
    static func render(_ book: ReportBook) -> String
}

extension ReportFormat {
    /// A report with nothing around it, in this format.
    package static func render(_ report: Report) -> String { render(ReportBook(report)) }
}
