/// Every system of a repository as a text file for Prometheus' node exporter, rebuilt from the repository each time.
///
/// Each sample names the repository: one host may write a file for each of several.
package enum PrometheusReport: RepositoryFormat {
    package static let name = "prometheus"
    package static let purpose = "every system of the repository, for the node exporter's textfile collector"

    package static func render(_ book: RepositoryBook) -> String {
        var text = PrometheusText(common: [("repository", book.location)])
        text.metric("salvor_build_info", "Which salvor wrote these metrics.")
        text.sample(1, [("version", book.version)])
        text.metric(
            "salvor_unreadable_records", "How many snapshots and reports are damaged, and missing in what follows.")
        text.sample(Double(book.unreadable))
        text.metric(
            "salvor_forged_reports",
            "How many reports of drills have a wrong signature, and are missing in what follows.")
        text.sample(Double(book.forged))
        SystemMetrics(book).write(to: &text)
        return text.text
    }
}
