import DataSources
import Entries
import Formats
import Platform
import Reports
import Repositories
import Restores

/// Brings a source of files back into `files/NAME`, in the way in which `salvor restore --target` does.
final class FilesRecovery: SourceRecovery {
    static let adapter = "files"
    private let order: RecoveryOrder
    private let target: [UInt8]

    init(_ order: RecoveryOrder) {
        self.order = order
        target = order.area.path(of: "files")
    }

    func provision() {}

    func load() throws -> RecoveredContent {
        let snapshot = order.snapshot
        let plan = try RestorePlan.source(
            snapshot.record, printable(order.source.root.name), repository: snapshot.repository, index: snapshot.index,
            target: target, overwrite: .never, numericOwner: false)
        let outcome = try RestoreRun(
            snapshot.repository, index: snapshot.index, plan: plan, clock: order.clock,
            cancellation: order.cancellation
        ).run()
        if outcome.isDamaged, let first = outcome.missing.first {
            let more = outcome.missing.count > 1 ? " (and \(outcome.missing.count - 1) more)" : ""
            throw Failure(
                .damaged, "\(first.object)\(more) could not be brought back", hint: "run `salvor check --read-data`",
                cause: first.sentence)
        }
        let entries = outcome.files + outcome.directories + outcome.links + outcome.others
        return RecoveredContent(
            bytes: outcome.bytes, items: UInt64(entries),
            note: "\(order.source.name): \(Quantity.count(entries, "entry", "entries")), "
                + "\(Quantity.bytes(outcome.bytesFetched)) fetched",
            findings: outcome.missing + outcome.fidelity,
            largest: outcome.slowest(10, of: outcome.seconds).filter { !$0.path.isEmpty }.map { place in
                let name = place.path.map { printable($0) }.joined(separator: "/")
                return Report.Measure("\(name)/", seconds: place.seconds, bytes: place.bytes)
            })
    }

    func settle() {}
    func start() {}
    func shutDown() {}

    var place: CheckSubject.Place {
        .files(target + [UInt8(ascii: "/")] + order.source.root.name)
    }
    var databases: [StagedDatabase] { [] }
    var level: EvidenceLevel { .materialised }
    var conditions: [Report.Fact] { [] }
    var notTested: [String] {
        ["owners, extended attributes and holes of the files of \(order.source.name): set, but not compared"] + leftOut
    }

    /// What was left out when the source was saved: no drill brings it back.
    private var leftOut: [String] {
        guard let selection = try? order.source.tree.manifest()["selection"], selection.members != nil else {
            return []
        }
        let rules = (selection["exclude"]?.elements ?? []).compactMap(\.text).prefix(Self.namedRules)
        let entries = Quantity.count(selection["leftOut"]?["entries"]?.whole ?? 0, "entry", "entries")
        let list = selection["filesFrom"]?.members == nil ? "" : ", and all that a list of paths did not name"
        let named = rules.isEmpty ? "" : " (\(rules.joined(separator: " ")))"
        return ["what was left out of \(order.source.name) when it was saved\(named): \(entries)\(list)"]
    }

    private static let namedRules = 20
}
