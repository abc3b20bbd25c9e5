/// Every way to write a report down, in the order in which help shows them.
package enum FormatCatalog {
    /// The formats themselves.
    package static let all: [any ReportFormat.Type] = [
        TextReport.self,
        JSONReport.self,
    ]

    /// The format of that name, nil when there is none.
    package static func format(named name: String) -> (any ReportFormat.Type)? { all.first { $0.name == name } }
}
