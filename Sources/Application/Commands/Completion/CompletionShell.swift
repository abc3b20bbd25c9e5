/// A shell that salvor's command line can be completed in: one file, and a line in `CompletionCatalog`.
protocol CompletionShell: Sendable {
    /// The shell's own name.
    static var name: String { get }
    /// The script that the shell loads, made from what the verbs declare.
    static func script(_ commands: [any Command]) -> String
}
