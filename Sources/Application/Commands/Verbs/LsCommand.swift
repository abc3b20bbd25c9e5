import Entries
import Formats
import Platform
import Reading
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
    let resultKeys = ["snapshot", "entries", "bytes", "findings"]

    static let long = OptionSpecification(
        flag: "--long", letter: "l", help: "mode, links, owner, size and time, as ls -l")
    static let depth = OptionSpecification(
        "--depth", value: "N", help: "at most N levels below what is named; all when not given")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let address = try ItemAddress.parse(context.arguments.operands[0])
        let depth = try context.arguments.number(Self.depth, in: 1...Int(Int32.max)) ?? .max
        let filter = try SnapshotOptions.filter(context)
        let repository = try context.openRepository()
        let record = try SnapshotList(repository, context.output).snapshot(address.snapshot, filter: filter)
        let tree = try SnapshotItems(record, in: repository)
        let item = try tree.item(address)
        var listing = Listing(context)
        do {
            if let content = item.directory {
                let walk = try SnapshotWalk(content, of: record, path: item.path, reader: tree.reader)
                try list(item, walk, depth, &listing)
            } else if let entry = item.entry {
                try listing.show(entry.entry, item.path)
            }
        } catch is NobodyReads {
            return CommandOutcome()
        }
        context.output.findings(listing.unread.findings)
        return CommandOutcome(
            reasons: UnreadReasons.of(listing.unread),
            result: [
                .init("snapshot", .string(record.identifier)),
                .init("entries", JSONValue(listing.entries)),
                .init("bytes", JSONValue(listing.bytes)),
                .init("findings", .array(listing.unread.findings.map(JSONShapes.finding))),
            ])
    }

    private func list(_ item: SnapshotItem, _ walk: SnapshotWalk, _ depth: Int, _ listing: inout Listing) throws {
        while walk.depth > 0 {
            do {
                guard let next = try walk.next() else {
                    walk.leave()
                    continue
                }
                try listing.show(next.entry, walk.path)
                if next.entry.kind == .directory, walk.depth < depth { try walk.enter(next) }
            } catch let failure as Failure {
                try listing.unread.noteDamage(item.label(walk.directory), "not everything in it can be listed", failure)
            }
        }
    }

    /// What was listed so far.
    private struct Listing {
        let context: CommandContext
        let isLong: Bool
        var entries = 0
        var bytes: UInt64 = 0
        var unread = Unread()

        init(_ context: CommandContext) {
            self.context = context
            isLong = context.arguments.isOn(LsCommand.long)
        }

        mutating func show(_ entry: Entry, _ path: [UInt8]) throws {
            try context.cancellation.check()
            if context.output.isClosed { throw NobodyReads() }
            entries += 1
            bytes = bytes.addingReportingOverflow(entry.size).overflow ? .max : bytes + entry.size
            if context.output.isJSON {
                try context.output.record("entry", EntryListing.members(entry, path: path))
            } else {
                try context.output.line(isLong ? EntryListing.long(entry, path: path) : printable(path))
            }
        }
    }
}
