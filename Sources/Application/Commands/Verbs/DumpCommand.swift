import Entries
import Formats
import Platform
import Reading
import Repositories
import Sealing

/// `salvor dump`: the bytes of one file of a snapshot, or of a directory as an archive.
struct DumpCommand: Command {
    let name = "dump"
    let summary = "writes the bytes of one file of a snapshot, or a directory as an archive"
    let explanation = [
        "They are verified while they are written. A damaged file ends with exit code 13, in the middle.",
        """
        With --archive tar a directory, a source or a whole snapshot becomes a POSIX archive (pax) that GNU tar reads: \
        `tar -x --acls --xattrs --xattrs-include='*'` as root brings everything back but inode flags and sockets, \
        which are left out with a notice, and what lies deeper than 4,096 bytes of path, where GNU tar itself ends. \
        Members are called by the paths that ls shows.
        """,
        """
        What is damaged is named, and all else is in the archive: a damaged file is left out, or, when its beginning \
        was written already, has zeros where it cannot be read. Such an archive has no end, and its last member, \
        SALVOR-DAMAGED.txt, is cut off: whoever unpacks it gets all that there is, and an error.
        """,
    ]
    let operands = [OperandSpecification("ITEM", help: "SNAPSHOT:NAME/PATH; with --archive SNAPSHOT[:NAME[/PATH]]")]
    let options = [Self.to, Self.archive] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor dump -r /backup/shop latest:etc/fstab", "show a file"),
        CommandExample(
            "salvor dump -r /backup/shop latest:db/shop/schema.dump --output schema.dump", "into a new file"),
        CommandExample(
            "salvor dump -r /backup/shop latest:uploads --archive tar > uploads.tar", "a directory, as an archive"),
    ]
    let failures: [FailureKind] = [.refused, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshot", "bytes", "sha256", "entries", "findings"]

    static let to = OptionSpecification(
        "--output", letter: "o", value: "FILE", help: "write to this new file instead of standard output")
    static let archive = OptionSpecification(
        "--archive", value: "FORMAT", choices: ["tar"], help: "write an archive of everything in ITEM: tar")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let address = try ItemAddress.parse(context.arguments.operands[0])
        let filter = try SnapshotOptions.filter(context)
        let isArchive = context.arguments.isOn(Self.archive)
        guard address.source != nil || isArchive else {
            throw Failure(
                .usage, "`\(address.text)` is a whole snapshot: name a file in it, SNAPSHOT:NAME/PATH",
                hint: "--archive tar writes all of it")
        }
        let file = context.arguments.bytes(Self.to)
        guard !context.output.isJSON || file != nil else {
            throw Failure(
                .usage, "--json and the bytes cannot both go to standard output", hint: "give --output FILE")
        }
        let target = try file.map { try NewFile(at: try context.absolute($0)) }
        let repository = try context.openRepository()
        let record = try SnapshotList(repository, context.output).snapshot(address.snapshot, filter: filter)
        let tree = try SnapshotItems(record, in: repository)
        let item = try tree.item(address)
        if isArchive { return try ArchiveDump(context: context, item: item, reader: tree.reader, target: target).run() }
        guard let found = item.entry, found.entry.kind == .file, let content = found.content else {
            let kind = item.entry.map { EntryListing.kind($0.entry.kind) } ?? "snapshot"
            throw Failure(
                .failed, "\(address.text) is no file but a \(kind)",
                hint: "--archive tar writes it as an archive, and `salvor restore` brings it back")
        }
        do {
            let sum = try dump(found.entry, content, address, tree.reader, to: target, context)
            try target?.keep()
            return CommandOutcome(result: [
                .init("snapshot", .string(record.identifier)),
                .init("bytes", JSONValue(found.entry.size)),
                .init("sha256", .string(Hexadecimal.string(sum))),
                .init("entries", 1),
                .init("findings", []),
            ])
        } catch is NobodyReads {
            return CommandOutcome()
        }
    }

    private func dump(
        _ entry: Entry, _ content: Content, _ address: ItemAddress, _ reader: ChunkReader, to target: NewFile?,
        _ context: CommandContext
    ) throws -> [UInt8] {
        let digest = Digest()
        try reader.stream(content) { bytes, _ in
            try context.cancellation.check()
            if context.output.isClosed { throw NobodyReads() }
            digest.update(bytes)
            if let target { try target.write(bytes) } else { try context.output.bytes(bytes) }
        }
        let sum = digest.finish()
        guard sum == entry.digest else {
            throw Failure(
                .damaged, "\(address.text) is not what was saved: its SHA-256 differs",
                hint: "run `salvor check --read-data`; what was written is wrong")
        }
        return sum
    }
}
