import Formats
import Platform
import Reports
import Repositories
import Storage

/// The evidence of drills in a repository, found by when it was made or by the drill's identifier.
struct StoredReports {
    /// All that can be read, oldest first.
    let all: [StoredReport]
    /// One failure a report that cannot be read.
    let damages: [Failure]
    private let list: SnapshotList
    private let location: String

    /// Reads the evidence of a repository. What is damaged is told on standard error, and costs its own report only.
    init(_ list: SnapshotList, in repository: Repository, _ output: Output) throws {
        self.list = list
        location = repository.store.location
        let log = EvidenceLog(list.evidence, in: repository, index: try repository.loadIndex())
        var all: [StoredReport] = []
        var damages: [Failure] = []
        for record in log.records {
            do {
                let evidence = try log.read(record)
                all.append(
                    StoredReport(
                        record: record, value: evidence.report, digest: evidence.digest, signature: evidence.signature))
            } catch let failure as Failure {
                guard failure.kind == .damaged else { throw failure }
                output.finding("the report in the record \(record.shortIdentifier)", failure.description)
                damages.append(failure)
            }
        }
        self.all = all
        self.damages = damages
    }

    /// The stored report that an address means. Digits are those of the drill, as its report shows them.
    func report(_ address: SnapshotAddress, filter: SnapshotFilter) throws(Failure) -> StoredReport {
        if case .latest = address, let damage = damages.first {
            throw damage.within(
                "which drill is the latest cannot be known",
                hint: "name one by its id: `salvor report --list` shows those that can be read")
        }
        let identifier = try address.choose(among: all.map(facts), filter: filter, noun: .drill)
        guard let found = all.first(where: { $0.identifier == identifier }) else {
            throw Failure(.failed, "there is no drill \(identifier)")
        }
        return found
    }

    /// Those that pass a filter, oldest first.
    func reports(_ filter: SnapshotFilter) -> [StoredReport] { all.filter { filter.passes(facts($0)) } }

    /// A report with what stands around it. Reports that a newer version wrote are left out of the history.
    func book(of stored: StoredReport, now: Instant) throws(Failure) -> ReportBook {
        let report = try stored.report()
        return ReportBook(
            report, history: history(of: report.system), points: points(of: report.system),
            evidence: standing(of: stored, report),
            forged: all.count { $0.isForged && $0.record.system == report.system && $0.digest != stored.digest },
            now: now)
    }

    /// A report that was just made, with what stands around it: as stored, where it could be stored.
    func book(of report: Report, now: Instant) throws(Failure) -> ReportBook {
        if let stored = all.last(where: { $0.identifier == report.identifier }) {
            return try book(of: stored, now: now)
        }
        return ReportBook(
            report, history: history(of: report.system) + [report], points: points(of: report.system),
            forged: all.count { $0.isForged && $0.record.system == report.system }, now: now)
    }

    /// All systems that pass a filter.
    func repositoryBook(version: String, filter: SnapshotFilter, now: Instant) -> RepositoryBook {
        let systems = Set(
            list.snapshots.filter { filter.passes($0.facts) }.map(\.system) + reports(filter).map(\.record.system))
        return RepositoryBook(
            location: location, version: version,
            systems: systems.sorted().map {
                RepositoryBook.System($0, drills: history(of: $0), points: points(of: $0))
            }, unreadable: list.damages.count + damages.count, forged: reports(filter).count(where: \.isForged),
            now: now)
    }

    private func standing(of stored: StoredReport, _ report: Report) -> EvidenceStanding {
        let signature: EvidenceStanding.Signature =
            switch stored.signature {
            case .signed: .signed(by: nil)
            case .unsigned: .unsigned
            case .forged: .wrong
            }
        let older = all.prefix { $0.record.session != stored.record.session }.filter {
            !$0.isForged && $0.record.system == stored.record.system
        }
        return EvidenceStanding(
            digest: stored.digest, previous: stored.previous, among: Set(all.map(\.digest)),
            older: older.map(\.record.committedBy), started: report.started, signature: signature)
    }

    private func history(of system: String) -> [Report] {
        all.filter { $0.record.system == system && !$0.isForged }.compactMap { try? $0.report() }
    }

    private func points(of system: String) -> [RecoveryPoint] {
        list.snapshots.filter { $0.system == system }.map { record in
            RecoveryPoint(
                record.identifier, dataTime: record.dataTime, committed: record.committedBy, bytes: record.dataBytes,
                sources: record.sources.map(Self.amount))
        }
    }

    /// What a source's statistics claim, which may be anything.
    private static func amount(_ source: SnapshotRecord.Source) -> RecoveryPoint.Amount {
        let counts = ["files", "directories", "others"].compactMap { source.statistics[$0]?.whole }.map { max(0, $0) }
        let items = counts.reduce(UInt64(0)) { $0 + UInt64($1) }
        return RecoveryPoint.Amount(
            source.name, bytes: UInt64(max(0, source.statistics["bytes"]?.whole ?? 0)),
            items: counts.isEmpty ? nil : items)
    }

    private func facts(_ stored: StoredReport) -> SnapshotFacts {
        let record = stored.record
        return SnapshotFacts(
            identifier: stored.identifier, system: record.system, host: record.host, tags: record.tags,
            dataTime: record.committedBy)
    }
}
