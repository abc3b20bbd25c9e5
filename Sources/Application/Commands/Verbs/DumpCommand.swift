import Entries
import Formats
import Platform
import Repositories
import Sealing

/// `salvor dump`: the bytes of one file of a snapshot.
struct DumpCommand: Command {
    let name = "dump"
    let summary = "writes the bytes of one file of a snapshot"
    let explanation = [
        "They are verified while they are written. A damaged file ends with exit code 13, in the middle."
    ]
    let operands = [OperandSpecification("ITEM", help: "SNAPSHOT:NAME/PATH")]
    let options = [Self.to] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor dump -r /backup/shop latest:etc/fstab", "show a file"),
        CommandExample(
            "salvor dump -r /backup/shop latest:db/shop/schema.dump --output schema.dump", "into a new file"),
    ]
    let failures: [FailureKind] = [.refused, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshot", "bytes", "sha256"]

    static let to = OptionSpecification(
        "--output", letter: "o", value: "FILE", help: "write to this new file instead of standard output")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let item = try ItemAddress.parse(context.arguments.operands[0])
        let filter = try SnapshotOptions.filter(context.arguments)
        guard item.source != nil else {
            throw Failure(.usage, "`\(item.text)` is a whole snapshot: name a file in it, SNAPSHOT:NAME/PATH")
        }
        let file = context.arguments.bytes(Self.to)
        guard !context.output.isJSON || file != nil else {
            throw Failure(
                .usage, "--json and the file's bytes cannot both go to standard output", hint: "give --output FILE")
        }
        let target = try file.map { try NewFile(at: try context.absolute($0)) }
        let repository = try context.openRepository()
        let record = try SnapshotList(repository, context.output).snapshot(item.snapshot, filter: filter)
        let tree = try SnapshotItems(record, in: repository)
        let found = try tree.entry(item)
        guard found.entry.kind == .file, let content = found.content else {
            let kind = EntryListing.kind(found.entry.kind)
            throw Failure(.failed, "\(item.text) is no file but a \(kind)", hint: "`salvor restore` brings it back")
        }
        let digest = Digest()
        do {
            try tree.reader.stream(content) { bytes, _ in
                try context.cancellation.check()
                if context.output.isClosed { throw NobodyReads() }
                digest.update(bytes)
                if let target { try target.write(bytes) } else { try context.output.bytes(bytes) }
            }
        } catch is NobodyReads {
            return CommandOutcome()
        }
        let sum = digest.finish()
        guard sum == found.entry.digest else {
            throw Failure(
                .damaged, "\(item.text) is not what was saved: its SHA-256 differs",
                hint: "run `salvor check --read-data`; what was written is wrong")
        }
        try target?.keep()
        return CommandOutcome(result: [
            .init("snapshot", .string(record.identifier)),
            .init("bytes", JSONValue(found.entry.size)),
            .init("sha256", .string(Hexadecimal.string(sum))),
        ])
    }
}
