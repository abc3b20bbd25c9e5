/// A way to write every system of a repository down. Pure: the same book gives the same bytes.
package protocol RepositoryFormat: Sendable {
    /// The name on the command line: `prometheus`.
    static var name: String { get }
    /// What it is, for the help.
    static var purpose: String { get }
    /// The book in this format, ending with a line break.
    static func render(_ book: RepositoryBook) -> String
}
