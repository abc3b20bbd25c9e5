import Entries
import Formats
import Platform
import Repositories

/// `salvor ls`: what lies in a snapshot.
struct LsCommand: Command {
    let name = "ls"
    let summary = "lists what lies in a snapshot"
    let explanation = [
        """
        Paths begin with the name of the source, and can be given to dump and restore behind SNAPSHOT: as \
        they stand. Bytes that are no text are shown as \\xHH.
        """
    ]
    let operands = [
        OperandSpecification("SNAPSHOT", help: "SNAPSHOT[:NAME[/PATH]]: latest, latest~N, or digits of its id")
    ]
    let options = [Self.long, Self.depth] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor ls -r /backup/shop latest", "everything"),
        CommandExample(
            "salvor ls -r /backup/shop -l latest:uploads/2026", "one directory, with modes, owners, sizes, times"),
        CommandExample("salvor ls -r /backup/shop --depth 1 latest~7", "the sources of the eighth newest snapshot"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshot", "entries", "bytes"]

    static let long = OptionSpecification(
        flag: "--long", letter: "l", help: "mode, links, owner, size and time, as ls -l")
    static let depth = OptionSpecification(
        "--depth", value: "N", help: "at most N levels below what is named; all when not given")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let item = try ItemAddress.parse(context.arguments.operands[0])
        let depth = try context.arguments.number(Self.depth, in: 1...Int(Int32.max)) ?? .max
        let filter = try SnapshotOptions.filter(context.arguments)
        let isLong = context.arguments.isOn(Self.long)
        let output = context.output
        let repository = try context.openRepository()
        let record = try SnapshotList(repository, output).snapshot(item.snapshot, filter: filter)
        let tree = try SnapshotItems(record, in: repository)
        var entries = 0
        var bytes: UInt64 = 0
        do {
            try tree.walk(item, depth: depth) { path, entry in
                try context.cancellation.check()
                if output.isClosed { throw NobodyReads() }
                entries += 1
                if entry.kind == .file { bytes += entry.size }
                if output.isJSON {
                    try output.record("entry", EntryListing.members(entry, path: path))
                } else {
                    try output.line(isLong ? EntryListing.long(entry, path: path) : printable(path))
                }
            }
        } catch is NobodyReads {
            return CommandOutcome()
        }
        return CommandOutcome(result: [
            .init("snapshot", .string(record.identifier)),
            .init("entries", JSONValue(entries)),
            .init("bytes", JSONValue(bytes)),
        ])
    }

    /// Ends a listing early.
    private struct NobodyReads: Error {}
}
