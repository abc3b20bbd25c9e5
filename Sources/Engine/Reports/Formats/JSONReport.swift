import Formats

/// The report as one JSON object on one line; `ReportCoding` has its shape.
package enum JSONReport: ReportFormat {
    package static let name = "json"

    package static func render(_ report: Report) -> String {
        JSONWriter.string(ReportCoding.value(of: report)) + "\n"
    }
}
