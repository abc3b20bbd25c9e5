import Formats

/// The report as one page for a browser or a printer: no network, no scripts, at most 400 kB whatever is in it.
package enum HTMLReport: ReportFormat {
    package static let name = "html"
    package static let purpose = "one page to look at, to print, to send"

    /// Longer texts are cut.
    private static let textMax = 200
    /// In a history each verdict is told several times.
    private static let wordMax = 40

    package static func render(_ book: ReportBook) -> String {
        var book = book
        book.report = book.report.clipped(to: textMax)
        for index in book.history.indices {
            book.history[index].verdict = VisibleText.beginning(book.history[index].verdict, max: wordMax)
            book.history[index].evidenceLevel = book.history[index].evidenceLevel.map {
                VisibleText.beginning($0, max: wordMax)
            }
        }
        let report = book.report
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>\(report.system): \(report.verdict), restore drill of \(HTMLWords.day(report.started))</title>
            <style>
            \(HTMLStyle.sheet)
            </style>
            </head>
            <body>
            <main>
            \(VerdictSection(book: book).markup)\(TimeSection(report: report).markup)\
            \(HistorySection(book: book).markup)\(LossSection(book: book).markup)\
            \(ChecksSection(report: report).markup)\(ProofsSection(report: report).markup)\
            \(RemainderSection(report: report).markup)\(EvidenceSection(book: book).markup)</main>
            <footer>Written \(HTMLWords.minute(book.now)) from the evidence in the repository. Times are UTC.</footer>
            </body>
            </html>

            """
        return page.text
    }
}
