import Formats
import Platform
import Reading
import Repositories

/// `salvor diff`: what differs between two snapshots, or between a snapshot and a directory.
struct DiffCommand: Command {
    let name = "diff"
    let summary = "tells what differs between two snapshots, or a snapshot and a directory"
    let explanation = [
        """
        A line is + for what only B has, - for what only A has, M for other bytes, another target of a symlink or \
        another number of a device, T for another kind of thing, and with --metadata U for what differs in nothing \
        but mode, owner, group or their names, modification time, attributes or inode flags. A directory \
        that only one has is told with everything in it. Paths are those of A, as ls shows them.
        """,
        """
        Where the holes are in a file is never a difference, and neither is what only a file system keeps: change \
        and birth times, inode and device numbers, numbers of links. What was renamed is removed here and added there.
        """,
        """
        A file on disk is taken for unchanged when its inode, size, modification and change time are those of the \
        snapshot; all others are read. Whether there are differences does not change the exit code.
        """,
    ]
    let operands = [
        OperandSpecification("A", help: "SNAPSHOT[:NAME[/PATH]]: latest, latest~N, or digits of its id"),
        OperandSpecification(
            "B",
            help: "the same, or a path on disk, which begins with /, ./ or ../, or is . (the directory that you are in)"
        ),
    ]
    let options = [Self.metadata, Self.readData] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor diff -r /backup/shop latest~1 latest", "what the last backup found changed"),
        CommandExample(
            "salvor diff -r /backup/shop latest:uploads /srv/shop/uploads --metadata",
            "what has changed since, modes and owners too"),
        CommandExample("salvor diff -r /backup/shop latest ./restored --read-data", "a restored tree, byte by byte"),
    ]
    let failures: [FailureKind] = [.incomplete, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = [
        "old", "new", "added", "removed", "content", "kind", "metadata", "bytesAdded", "bytesRemoved", "bytesChanged",
        "bytesRead", "findings",
    ]

    static let metadata = OptionSpecification(
        flag: "--metadata", help: "compare modes, owners, times, attributes and inode flags, too")
    static let readData = OptionSpecification(
        flag: "--read-data",
        help: "read every file on disk, also those whose times and size say that they are unchanged")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let request = try DiffRequest(context)
        let repository = try context.openRepository()
        let snapshots = try SnapshotList(repository, context.output)
        let reader = ChunkReader(repository, index: try repository.loadIndex(), keeping: 8)
        func item(_ address: ItemAddress) throws -> SnapshotItem {
            let record = try snapshots.snapshot(address.snapshot, filter: request.filter)
            return try SnapshotItems(record, reader: reader).item(address)
        }
        let one = try item(request.old)
        var other: SnapshotItem?
        let old = try ComparedTree.snapshot(one, reader: reader, prefix: one.path)
        let new: ComparedTree
        switch request.new {
        case .item(let address):
            let item = try item(address)
            new = try ComparedTree.snapshot(item, reader: reader, prefix: one.path)
            other = item
        case .disk(let path):
            new = try ComparedTree.disk(path, prefix: one.path, cancellation: context.cancellation)
        }
        let counters = WorkCounters()
        let comparison = TreeComparison(
            old, with: new, prefix: one.path, options: request.options, cancellation: context.cancellation,
            counters: counters
        ) { try tell($0, context.output) }
        do {
            let outcome = try ProgressWatch.run(context.output, "comparing", items: "entries", counters) {
                try comparison.run()
            }
            return finish(outcome, context.output, old: one.record, new: other?.record)
        } catch is NobodyReads {
            return CommandOutcome()
        }
    }

    private func tell(_ difference: Difference, _ output: Output) throws {
        if output.isClosed { throw NobodyReads() }
        if output.isJSON {
            try output.record("difference", DifferenceListing.members(difference))
        } else {
            try output.line(DifferenceListing.line(difference))
        }
    }

    private func finish(
        _ outcome: ComparisonOutcome, _ output: Output, old: SnapshotRecord, new: SnapshotRecord?
    ) -> CommandOutcome {
        output.findings(outcome.unread.findings)
        output.note(DifferenceListing.summary(outcome))
        return CommandOutcome(
            reasons: UnreadReasons.of(outcome.unread),
            result: [
                .init("old", .string(old.identifier)),
                .init("new", JSONValue(new?.identifier)),
                .init("added", JSONValue(outcome.count(.added))),
                .init("removed", JSONValue(outcome.count(.removed))),
                .init("content", JSONValue(outcome.count(.content))),
                .init("kind", JSONValue(outcome.count(.kind))),
                .init("metadata", JSONValue(outcome.count(.metadata))),
                .init("bytesAdded", JSONValue(outcome.bytesAdded)),
                .init("bytesRemoved", JSONValue(outcome.bytesRemoved)),
                .init("bytesChanged", JSONValue(outcome.bytesChanged)),
                .init("bytesRead", JSONValue(outcome.bytesRead)),
                .init("findings", .array(outcome.unread.findings.map(JSONShapes.finding))),
            ])
    }
}
