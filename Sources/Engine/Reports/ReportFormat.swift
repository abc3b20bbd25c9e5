/// A way to write a report down. Pure: the same report gives the same bytes.
package protocol ReportFormat: Sendable {
    /// The name on the command line: `text`, `json`.
    static var name: String { get }
    /// The report in this format, ending with a line break.
    static func render(_ report: Report) -> String
}
