import Platform
import Policies

/// The options of every verb that chooses among snapshots.
enum SnapshotOptions {
    static let system = OptionSpecification(
        "--system", value: "NAME", help: "only snapshots of this system")
    static let host = OptionSpecification(
        "--host", value: "NAME", help: "only snapshots made on this host")
    static let tag = OptionSpecification(
        "--tag", value: "TAG", repeats: true, help: "only snapshots that carry this tag")

    /// All of them.
    static let all = [system, host, tag]

    /// The filter that the command line asks for; a policy's system is one, unless another is named.
    static func filter(_ context: CommandContext) throws -> SnapshotFilter {
        var filter = try filter(context.arguments)
        if filter.system == nil { filter.system = try context.policy()?.name }
        return filter
    }

    /// The filter that the arguments ask for.
    static func filter(_ arguments: ParsedArguments) throws(Failure) -> SnapshotFilter {
        SnapshotFilter(
            system: try arguments.text(system), host: try arguments.text(host), tags: try arguments.texts(tag))
    }
}
