import Formats

/// The report as one JSON object on one line; `ReportCoding` has its shape.
package enum JSONReport: ReportFormat {
    package static let name = "json"
    package static let purpose = "the evidence as it is stored"

    package static func render(_ book: ReportBook) -> String {
        JSONWriter.string(ReportCoding.value(of: book.report)) + "\n"
    }
}
