import Formats
import Platform

/// The option of the verbs that a timer runs: whom to tell how the run went.
enum PingOption {
    static let url = OptionSpecification(
        "--ping", value: "URL", variable: "SALVOR_PING",
        help: "tell healthchecks.io, or a server like it, that the run begins and how it ends; "
            + "SALVOR_PING keeps the address out of the list of processes")

    /// Whether a verb has it.
    static func isTaken(by command: any Command) -> Bool { command.options.contains(url) }

    /// The address, nil when none is given. It is a secret: a message does not repeat it.
    static func address(_ arguments: ParsedArguments) throws(Failure) -> WebAddress? {
        guard let text = try arguments.text(url) else { return nil }
        guard let address = WebAddress(text) else {
            throw Failure(
                .usage, "the address to ping (\(url.name), or \(url.variable ?? "")) is no address of http or https",
                hint: "it looks like https://hc-ping.com/<uuid>")
        }
        return address
    }
}
