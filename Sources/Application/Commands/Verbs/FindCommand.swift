import Entries
import Formats
import Platform
import Reading
import Repositories

/// `salvor find`: which snapshots hold an entry.
struct FindCommand: Command {
    let name = "find"
    let summary = "finds entries by name, content, size or time in all snapshots"
    let explanation = [
        """
        A PATTERN without a slash is for names; one with a slash is for paths, which begin with the source's name. \
        * is any bytes but a slash, ? any one byte, [a-z] one of a set, ** as a whole component any number of \
        directories; a slash at the end means directories only. Quote it, so that the shell leaves it alone. Of \
        several patterns one must match, of the options each.
        """,
        """
        The newest snapshot comes first. What is found is shown as ID:PATH, which can be given to ls, dump and \
        restore as it stands. That nothing is found does not change the exit code.
        """,
    ]
    let operands = [
        OperandSpecification(
            "PATTERN", required: false, repeats: true,
            help: "what to look for; may be left out when an option tells that")
    ]
    let options =
        [inside, ignoreCase, type, newer, older, larger, smaller, sha256, first, long] + SnapshotOptions.all
    let examples = [
        CommandExample("salvor find -r /backup/shop logo.png", "every version of a file, wherever it was"),
        CommandExample(
            "salvor find -r /backup/shop 'uploads/2026/**/*.jpg' --first --larger 10M",
            "where the newest copy of each large picture is"),
        CommandExample("salvor find -r /backup/shop --in latest:uploads '*.php' -i", "in one directory only"),
    ]
    let failures: [FailureKind] = [.noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = ["snapshots", "matches", "matchingSnapshots", "findings"]

    static let inside = OptionSpecification(
        "--in", value: "ITEM", repeats: true, help: "look only in SNAPSHOT[:NAME[/PATH]]")
    static let ignoreCase = OptionSpecification(
        flag: "--ignore-case", letter: "i", help: "capitals and small letters of ASCII are the same")
    static let type = OptionSpecification(
        "--type", value: "KIND", repeats: true,
        choices: ["file", "directory", "symlink", "fifo", "socket", "device"],
        help: "only entries of this kind: file, directory, symlink, fifo, socket or device")
    static let newer = OptionSpecification(
        "--newer", value: "INSTANT",
        help: "only what was modified after it: 2026-11-21 (its beginning, in UTC) or 2026-11-21T22:30:00+01:00")
    static let older = OptionSpecification(
        "--older", value: "INSTANT", help: "only what was modified before it")
    static let larger = OptionSpecification(
        "--larger", value: "SIZE", help: "only files of more bytes: 512, 10k, 1.5GiB (powers of 1024), 700MB")
    static let smaller = OptionSpecification("--smaller", value: "SIZE", help: "only files of fewer bytes")
    static let sha256 = OptionSpecification(
        "--sha256", value: "HEX", help: "only files of this content, by what sha256sum prints")
    static let first = OptionSpecification(
        flag: "--first", help: "each path only once: in the newest snapshot that has it")
    static let long = OptionSpecification(
        flag: "--long", letter: "l", help: "mode, links, owner, size and time, as ls -l")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let request = try FindRequest(context)
        let output = context.output
        let repository = try context.openRepository()
        let list = try SnapshotList(repository, output)
        let reader = ChunkReader(repository, index: try repository.loadIndex(), keeping: 8)
        let items = try self.items(request, list, reader)
        let isLong = context.arguments.isOn(Self.long)
        var matching: Set<[UInt8]> = []
        let counters = WorkCounters()
        let search = SnapshotSearch(
            request.criteria, firstOnly: request.firstOnly, reader: reader, cancellation: context.cancellation,
            counters: counters
        ) { item, path, entry in
            if output.isClosed { throw NobodyReads() }
            matching.insert(item.record.session)
            try Self.tell(item.record, path, entry, isLong: isLong, output)
        }
        do {
            try ProgressWatch.run(output, "searching", items: "entries", counters) {
                for (number, item) in items.enumerated() {
                    try search.search(item, isLast: number == items.count - 1)
                }
            }
        } catch is NobodyReads {
            return CommandOutcome()
        }
        let snapshots = Set(items.map(\.record.session)).count
        output.findings(search.unread.findings)
        output.note(Self.summary(search.matches, matching.count, of: snapshots, request.filter))
        return CommandOutcome(
            reasons: (request.items.isEmpty ? list.damages : []) + UnreadReasons.of(search.unread),
            result: [
                .init("snapshots", JSONValue(snapshots)),
                .init("matches", JSONValue(search.matches)),
                .init("matchingSnapshots", JSONValue(matching.count)),
                .init("findings", .array(search.unread.findings.map(JSONShapes.finding))),
            ])
    }

    /// Where to look, the newest first.
    private func items(
        _ request: FindRequest, _ list: SnapshotList, _ reader: ChunkReader
    ) throws -> [SnapshotItem] {
        guard !request.items.isEmpty else {
            return list.snapshots.filter { request.filter.passes($0.facts) }.reversed().map { SnapshotItem($0) }
        }
        let items = try request.items.map { address in
            let record = try list.snapshot(address.snapshot, filter: request.filter)
            return try SnapshotItems(record, reader: reader).item(address)
        }
        // A stable order, so that items of one snapshot stay as they were given.
        let order = items.indices.sorted { left, right in
            let (one, other) = (items[left].record, items[right].record)
            return (one.dataTime, one.identifier, right) > (other.dataTime, other.identifier, left)
        }
        return order.map { items[$0] }
    }

    private static func tell(
        _ record: SnapshotRecord, _ path: [UInt8], _ entry: Entry, isLong: Bool, _ output: Output
    ) throws {
        if output.isJSON {
            let snapshot = JSONValue.Member("snapshot", .string(record.identifier))
            try output.record("match", [snapshot] + EntryListing.members(entry, path: path))
        } else if isLong {
            try output.line("\(record.shortIdentifier) \(EntryListing.long(entry, path: path))")
        } else {
            try output.line("\(record.shortIdentifier):\(printable(path))")
        }
    }

    private static func summary(_ matches: Int, _ matching: Int, of snapshots: Int, _ filter: SnapshotFilter) -> String
    {
        let searched = Quantity.count(snapshots, "snapshot")
        if snapshots == 0 { return "no snapshots\(filter.isEmpty ? "" : " " + filter.words)" }
        if matches == 0 { return "nothing found in \(searched)" }
        return "\(Quantity.count(matches, "match", "matches")) in \(Quantity.count(matching)) of \(searched)"
    }
}
