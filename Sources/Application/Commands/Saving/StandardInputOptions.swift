import DataSources
import Platform

/// How `backup` uses standard input: as a source, as a list, by a command in its place; by one of them at a time.
enum StandardInputOptions {
    static let command = OptionSpecification(
        "--stdin-command", value: "COMMAND",
        help: "let the shell run COMMAND, and save what it writes as the source -; if it fails nothing is saved")

    /// Where the bytes of the source `-` come from; nil when there is no such source. Every throw is a usage failure.
    static func origin(
        _ context: CommandContext, for sources: [SourceAddress]
    ) throws(Failure) -> StandardInputAdapter.Origin? {
        let source = sources.first { $0.location == .standardInput }
        if let line = try context.arguments.text(command) {
            guard source != nil else {
                throw Failure(
                    .usage, "\(command.name) needs a source to write",
                    hint: "name it: - or NAME=- (such as dump.sql=-)")
            }
            return .command(InputCommand(line, environment: Environment.withoutSecrets(context.environment)))
        }
        return source == nil ? nil : .input(context.console.input)
    }

    /// Whether what stands on standard input is data, and nobody else may read it. A usage failure when two want it, or
    /// when it is a terminal.
    static func isData(_ context: CommandContext, for sources: [SourceAddress]) throws(Failure) -> Bool {
        let isSource =
            sources.contains { $0.location == .standardInput } && !context.arguments.isOn(command)
        let isList = SelectionOptions.readStandardInput(context.arguments)
        guard !isSource || !isList else {
            throw Failure(.usage, "standard input cannot be a source and a list of files at the same time")
        }
        guard isSource || isList else { return false }
        guard !context.console.inputIsTerminal else {
            throw Failure(
                .usage, "standard input is a terminal, and no data",
                hint: isSource ? "pipe something into salvor, or give \(command.name)" : "pipe a list into salvor")
        }
        return true
    }
}
