/// The shells that there is a completion for.
enum CompletionCatalog {
    /// One line a shell.
    static let all: [any CompletionShell.Type] = [
        BashCompletion.self,
        ZshCompletion.self,
        FishCompletion.self,
    ]

    /// The options that may stand behind a verb: its own, then those of every verb.
    static func options(of command: any Command) -> [OptionSpecification] { command.options + GlobalOptions.all }

    /// A text as one word for any of the shells, in single quotes.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
