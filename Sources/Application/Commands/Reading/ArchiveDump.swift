import DataSources
import Formats
import Platform
import Reading
import Repositories
import Sealing

/// Writes an item of a snapshot as an archive, for `dump`.
struct ArchiveDump {
    let context: CommandContext
    let item: SnapshotItem
    let reader: ChunkReader
    /// Nil for standard output.
    let target: NewFile?

    /// Does it.
    func run() throws -> CommandOutcome {
        let output = context.output
        let counters = WorkCounters()
        // Nobody else can see the sum of what goes to standard output.
        let digest = output.isJSON ? Digest() : nil
        let archive = ArchiveRun(item, reader: reader, cancellation: context.cancellation, counters: counters) {
            bytes in
            if output.isClosed { throw NobodyReads() }
            digest?.update(bytes)
            if let target { try target.write(bytes) } else { try output.bytes(bytes) }
        }
        do {
            let outcome = try ProgressWatch.run(output, "archiving", items: "entries", counters) { try archive.run() }
            try target?.keep()
            return finish(outcome, sum: digest?.finish())
        } catch is NobodyReads {
            return CommandOutcome()
        }
    }

    private func finish(_ outcome: ArchiveOutcome, sum: [UInt8]?) -> CommandOutcome {
        let output = context.output
        var findings = outcome.unread.findings + outcome.notices
        if outcome.flagged > 0 {
            let object = "inode flags of \(Quantity.count(outcome.flagged, "entry", "entries"))"
            findings.append(Finding(.notice, object, "are not in the archive, which has no place for them"))
        }
        output.findings(findings)
        var reasons: [Failure] = []
        if outcome.unread.damaged > 0 {
            reasons = [
                Failure(
                    .damaged,
                    "\(Quantity.count(outcome.unread.damaged, "item")) could not be read; the archive has all else, "
                        + "and no end: who reads it is told that it is not whole",
                    hint: "run `salvor check` to see what is damaged")
            ]
        }
        return CommandOutcome(
            reasons: reasons,
            result: [
                .init("snapshot", .string(item.record.identifier)),
                .init("bytes", JSONValue(outcome.bytes)),
                .init("sha256", JSONValue(sum.map { Hexadecimal.string($0) })),
                .init("entries", JSONValue(outcome.members)),
                .init("findings", .array(findings.map(JSONShapes.finding))),
            ])
    }
}
