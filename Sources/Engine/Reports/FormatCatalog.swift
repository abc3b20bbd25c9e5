/// Every way to write reports down, in the order in which help shows them.
package enum FormatCatalog {
    /// The formats of one drill.
    package static let all: [any ReportFormat.Type] = [
        TextReport.self,
        JSONReport.self,
        HTMLReport.self,
        JUnitReport.self,
        GitHubReport.self,
        AnnotationsReport.self,
    ]

    /// The formats of a whole repository.
    package static let ofRepositories: [any RepositoryFormat.Type] = [PrometheusReport.self]

    /// The format of one drill with that name, nil when there is none.
    package static func format(named name: String) -> (any ReportFormat.Type)? { all.first { $0.name == name } }

    /// The format of a repository with that name, nil when there is none.
    package static func repositoryFormat(named name: String) -> (any RepositoryFormat.Type)? {
        ofRepositories.first { $0.name == name }
    }
}
