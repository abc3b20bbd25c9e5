import Formats
import Platform
import Repositories
import Storage

/// The records of a repository, as far as they can be read.
struct SnapshotList {
    /// All snapshots, oldest data first.
    let snapshots: [SnapshotRecord]
    /// The results of drills, oldest first.
    let evidence: [SnapshotRecord]
    /// One failure a record that cannot be read.
    let damages: [Failure]
    /// One failure a record that another one saw, and that the store lost or hides.
    private let losses: [Failure]

    /// Reads all records of a repository. Damaged ones are told on standard error; they cost their own snapshot only.
    init(_ repository: Repository, _ output: Output) throws {
        var damages: [Failure] = []
        let records = try repository.records { name, failure in
            guard failure.kind == .damaged else { throw failure }
            output.finding(name.text, failure.description)
            damages.append(failure)
        }
        snapshots = records.filter { $0.kind == .snapshot }
            .sorted { ($0.dataTime, $0.identifier) < ($1.dataTime, $1.identifier) }
        evidence = records.filter { $0.kind == .evidence }
        self.damages = damages
        losses = try repository.lostRecords(seenBy: records).map { lost, record in
            Failure(
                .damaged,
                "\(lost.text) is missing: record \(record.shortIdentifier) saw it, and the store lost or hides it"
            )
        }
    }

    /// The snapshot that an address means.
    func snapshot(_ address: SnapshotAddress, filter: SnapshotFilter) throws(Failure) -> SnapshotRecord {
        if case .latest = address, let damage = damages.first ?? losses.first {
            throw damage.within(
                "which snapshot is the latest cannot be known",
                hint: "name one by its id: `salvor snapshots` shows those that can be read")
        }
        do throws(Failure) {
            let identifier = try address.choose(among: snapshots.map(\.facts), filter: filter)
            if let found = snapshots.first(where: { $0.identifier == identifier }) { return found }
            throw Failure(.failed, "there is no snapshot \(identifier)")
        } catch {
            // What was looked for may be among the records that are lost or cannot be read.
            guard error.kind == .failed, let damage = damages.first ?? losses.first else { throw error }
            throw damage.within(error.sentence, hint: "run `salvor check` to see what is damaged")
        }
    }
}

extension SnapshotRecord {
    /// What is needed to choose it.
    var facts: SnapshotFacts {
        SnapshotFacts(identifier: identifier, system: system, host: host, tags: tags, dataTime: dataTime)
    }

    /// Bytes of data in all its sources, as their statistics have it.
    var dataBytes: UInt64 {
        sources.reduce(0) { total, source in
            // What a record claims may be any number.
            let (sum, isTooLarge) = total.addingReportingOverflow(
                UInt64(max(0, source.statistics["bytes"]?.whole ?? 0)))
            return isTooLarge ? .max : sum
        }
    }
}
