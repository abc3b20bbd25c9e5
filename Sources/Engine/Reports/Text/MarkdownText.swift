/// Texts that somebody else chose, for a page in GitHub's Markdown: no mark of theirs has a meaning there.
enum MarkdownText {
    /// Each of these becomes an entity: Markdown reads its marks before it reads entities.
    private static let marks = Set("&<>\"'|`*_[]()~\\#!$@:{}^=".unicodeScalars)

    /// One line of harmless text.
    static func of(_ text: String) -> String {
        var shown = ""
        for scalar in VisibleText.of(text).unicodeScalars {
            if marks.contains(scalar) {
                shown += "&#\(scalar.value);"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        // Without its scheme an address becomes a link by this beginning alone.
        return shown.split(separator: "www.", omittingEmptySubsequences: false).joined(separator: "www&#46;")
    }
}
