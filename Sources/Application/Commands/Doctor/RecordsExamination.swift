import Formats
import Platform
import Repositories
import Storage

/// Looks at what an opened repository holds: keys, writers that did not end, how old snapshots and proofs are.
struct RecordsExamination {
    let repository: Repository
    let credential: Credential
    let list: SnapshotList
    let now: Instant

    private static let secondsFuture = 60.0
    private static let daysOfSnapshot = 8.0
    private static let daysOfProof = 35.0
    private static let daysOfSession = 2.0
    private static let secondsPerDay = 86400.0
    /// From so many snapshots on somebody should think of the store's room.
    var snapshotsMany = 400

    /// All of it. What cannot be read is a problem, and the rest is looked at.
    func run() -> [Diagnosis] {
        let parts: [(topic: String, look: () throws -> [Diagnosis])] = [
            ("key", keys), ("record", records), ("clock", future), ("session", sessions), ("snapshot", snapshots),
            ("proof", proofs), ("growth", growth),
        ]
        return parts.flatMap { topic, look in
            do { return try look() } catch { return [.problem(topic, Failure(error))] }
        }
    }

    private func keys() throws -> [Diagnosis] {
        let slots = try repository.slots(openedWith: credential)
        let used = slots.first { $0.label != nil }
        let name = used.map { "\($0.name.last.prefix(8)) (\($0.label ?? ""))" } ?? "one that is gone now"
        var found: [Diagnosis] = [
            .ok(
                "key",
                "the repository \(repository.identifier.prefix(8)) opens with the key \(name), epoch "
                    + "\(repository.keyEpoch); it has \(Quantity.count(slots.count, "key"))")
        ]
        if !slots.contains(where: \.wantsRecoveryKey) {
            found.append(
                .warning(
                    "key", "there is no recovery key: whoever forgets the password loses everything",
                    "`salvor key add --recovery` makes one; print it"))
        }
        return found
    }

    private func records() -> [Diagnosis] {
        list.damages.map { .problem("record", .damaged, $0.description, "run `salvor check`") }
    }

    /// A writer whose clock was ahead: its snapshots are `latest` until the time has come.
    private func future() -> [Diagnosis] {
        let all = list.snapshots + list.evidence
        let late = all.filter { max($0.committedBy, $0.dataTime).seconds(since: now) > Self.secondsFuture }
        if let worst = late.max(by: { $0.committedBy < $1.committedBy }) {
            let ahead = Quantity.duration(
                seconds: max(worst.committedBy, worst.dataTime).seconds(since: now))
            return [
                .warning(
                    "clock",
                    "\(Quantity.count(late.count, "record")) of the repository lie in the future, "
                        + "\(worst.shortIdentifier) of \(worst.host) by \(ahead)",
                    "look at the clocks of \(worst.host) and of this machine; until then `latest` may be another "
                        + "snapshot than you think")
            ]
        }
        guard let newest = all.map(\.committedBy).max() else { return [] }
        return [.ok("clock", "no record lies in the future; the newest is \(age(newest)) old")]
    }

    private func sessions() throws -> [Diagnosis] {
        try repository.openSessions().map { mark in
            let who = "\(mark.purpose ?? "something") on \(mark.host ?? "an unknown machine")"
            let process = mark.process.map { ", process \($0)" } ?? ""
            let begun = mark.started.map { "began \(age($0)) ago" } ?? "has an unreadable mark"
            let text = "a session of \(who)\(process) \(begun)"
            let isHere = mark.host == Host.name()
            let lives = isHere && mark.process.flatMap { ProcessTable.startTime(of: $0) } != nil
            let isYoung = mark.started.map { days($0) < Self.daysOfSession } ?? false
            if lives || (!isHere && isYoung) { return .ok("session", text + " and may be at work") }
            return .warning(
                "session", text + " and did not end",
                "nothing to do: it was killed, what it stored is used by the next backup, and no snapshot is harmed")
        }
    }

    private func snapshots() -> [Diagnosis] {
        guard !list.snapshots.isEmpty else {
            return [.warning("snapshot", "the repository holds no snapshot", "run `salvor backup`")]
        }
        return newest(list.snapshots, at: \.dataTime).map { record in
            let text = "the newest of \(record.system) is \(record.shortIdentifier), \(age(record.dataTime)) old"
            let missing = record.sources.filter { !$0.missing.isEmpty }.map(\.name)
            if days(record.dataTime) > Self.daysOfSnapshot {
                return .warning("snapshot", text, "does its timer still run? `salvor backup` saves it now")
            }
            guard missing.isEmpty else {
                return .warning(
                    "snapshot", "\(text), and lacks something of \(missing.joined(separator: ", "))",
                    "the next `salvor backup` names what it cannot read")
            }
            return .ok("snapshot", text)
        }
    }

    private func proofs() throws -> [Diagnosis] {
        let log =
            list.evidence.isEmpty
            ? nil : EvidenceLog(list.evidence, in: repository, index: try repository.loadIndex())
        return newest(list.snapshots, at: \.dataTime).map { record in
            let drill = "`salvor drill --system \(record.system)` proves it"
            guard let (proof, verdict) = Self.newestProof(of: record.system, in: log) else {
                return .warning("proof", "\(record.system) was never drilled: nobody knows that it comes back", drill)
            }
            let text = "\(record.system) was drilled \(age(proof.committedBy)) ago: \(verdict ?? "unknown")"
            guard verdict == "recovered" else {
                return .warning("proof", text, "`salvor report --system \(record.system)` says what was wrong")
            }
            return days(proof.committedBy) > Self.daysOfProof ? .warning("proof", text, drill) : .ok("proof", text)
        }
    }

    /// The newest evidence of a system and its verdict, which is nil where it cannot be read. What has a wrong
    /// signature proves nothing.
    private static func newestProof(
        of system: String, in log: EvidenceLog?
    ) -> (record: SnapshotRecord, verdict: String?)? {
        for record in log?.records.reversed() ?? [] where record.system == system {
            guard let evidence = try? log?.read(record) else { return (record, nil) }
            if evidence.signature != .forged { return (record, evidence.report["verdict"]?.text) }
        }
        return nil
    }

    /// Nothing forgets snapshots yet: somebody must know before the store is full.
    private func growth() -> [Diagnosis] {
        guard list.snapshots.count >= snapshotsMany else { return [] }
        return [
            .warning(
                "growth",
                "there are \(Quantity.count(list.snapshots.count, "snapshot")), and this salvor forgets none",
                "watch the room of the store; when it runs short, `salvor init` another repository for new snapshots, "
                    + "and keep this one as long as its snapshots are wanted")
        ]
    }

    private func newest(
        _ records: [SnapshotRecord], at time: (SnapshotRecord) -> Instant
    ) -> [SnapshotRecord] {
        Dictionary(grouping: records, by: \.system).values
            .compactMap { $0.max { time($0) < time($1) } }.sorted { $0.system < $1.system }
    }

    private func days(_ instant: Instant) -> Double { now.seconds(since: instant) / Self.secondsPerDay }
    private func age(_ instant: Instant) -> String {
        Quantity.duration(seconds: max(0, now.seconds(since: instant)))
    }
}
