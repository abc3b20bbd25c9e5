import Drills
import Formats
import Platform
import Policies
import Repositories

/// Which snapshot the command line, or else the policy, wants to see drilled.
struct DrillChoice {
    static let at = OptionSpecification(
        "--at", value: "INSTANT", help: "the newest snapshot of this instant or before: 2026-11-07T02:00:00Z")
    static let random = OptionSpecification(flag: "--random", help: "any snapshot, by a seed that is told")
    static let seed = OptionSpecification(
        "--seed", value: "N", help: "the seed of --random: the same seed and snapshots, the same choice")
    static let leastRecently = OptionSpecification(
        flag: "--least-recently-drilled", help: "the snapshot whose last drill is the oldest; never drilled comes first"
    )

    /// All of them.
    static let options = [at, random, seed, leastRecently]

    /// What a person named; nil to follow `rule`.
    private let address: SnapshotAddress?
    private let rule: DrillPolicy.Selection
    private let seed: UInt64
    private let filter: SnapshotFilter
    private let now: Instant

    init(_ context: CommandContext, randomness: any Randomness = SystemRandomness()) throws {
        let arguments = context.arguments
        let named = try arguments.operands.first.map(Self.address)
        var rules: [(option: OptionSpecification, rule: DrillPolicy.Selection)] = []
        if let text = try arguments.text(Self.at) { rules.append((Self.at, .at(text))) }
        if arguments.isOn(Self.random) { rules.append((Self.random, .random)) }
        if arguments.isOn(Self.leastRecently) { rules.append((Self.leastRecently, .leastRecentlyDrilled)) }
        guard rules.count + (named == nil ? 0 : 1) <= 1 else {
            let words = (named == nil ? [] : ["SNAPSHOT"]) + rules.map(\.option.name)
            throw Failure(.usage, "\(words.joined(separator: " and ")) exclude each other")
        }
        let policy = try context.policy()?.drill.selection
        rule = rules.first?.rule ?? policy ?? .newest
        address = named ?? (rule == .newest ? .latest(back: 0) : nil)
        if let given = try arguments.number(Self.seed, in: 0...Int.max) {
            guard rule == .random, named == nil else {
                throw Failure(.usage, "\(Self.seed.name) is for \(Self.random.name)")
            }
            seed = UInt64(given)
        } else {
            // Short enough to be typed again.
            seed = randomness.bytes(4).reduce(0) { $0 << 8 | UInt64($1) }
        }
        filter = try SnapshotOptions.filter(context)
        now = context.clock.now()
    }

    /// Whether the newest snapshot is wanted, so that one that is too old says that backups stopped.
    var isNewest: Bool { address == .latest(back: 0) }

    /// What a report says about it before the snapshot is known.
    var words: String { isNewest ? "the newest" : "by hand" }

    /// Chooses, and says by which rule.
    func choose(in repository: Repository, _ list: SnapshotList) throws -> (record: SnapshotRecord, words: String) {
        if isNewest { return try newest(list) }
        if let address { return (try list.snapshot(address, filter: filter), words) }
        // One system: which one is as clear, or unclear, as for the newest.
        let newest = try list.snapshot(.latest(back: 0), filter: filter)
        let snapshots = list.snapshots.filter { $0.system == newest.system && filter.passes($0.facts) }
        let selection = DrillSelection(
            drills: rule == .leastRecentlyDrilled ? try drills(list, repository) : [:], seed: seed)
        return try selection.choose(rule, among: snapshots)
    }

    /// The newest; one that claims to be from the future is passed over, since behind it nothing newer would ever be
    /// drilled.
    private func newest(_ list: SnapshotList) throws -> (record: SnapshotRecord, words: String) {
        let claimed = try list.snapshot(.latest(back: 0), filter: filter)
        let limit = Instant(seconds: now.seconds + Self.clockTolerance)
        let mine = list.snapshots.filter { $0.system == claimed.system && filter.passes($0.facts) }
        let ahead = mine.filter { $0.dataTime > limit }
        guard !ahead.isEmpty, let newest = mine.last(where: { $0.dataTime <= limit }) else { return (claimed, words) }
        let names = ahead.prefix(5).map(\.shortIdentifier).joined(separator: ", ")
        return (
            newest,
            "the newest that is not of the future; "
                + Quantity.count(ahead.count, "snapshot claims", "snapshots claim")
                + " to be (\(names)): a clock was wrong"
        )
    }

    /// How far clocks of two machines may rightly differ, seconds.
    private static let clockTolerance: Int64 = 60

    /// When each snapshot was last drilled, as far as the evidence can be read: one that fails has had its turn, too.
    private func drills(_ list: SnapshotList, _ repository: Repository) throws -> [[UInt8]: Instant] {
        let log = EvidenceLog(list.evidence, in: repository, index: try repository.loadIndex())
        var drills: [[UInt8]: Instant] = [:]
        for record in log.records {
            guard let drilled = record.drilled, let evidence = try? log.read(record), evidence.signature != .forged,
                let verdict = evidence.report["verdict"]?.text, Self.tried.contains(verdict)
            else { continue }
            drills[drilled] = record.committedBy
        }
        return drills
    }

    /// The verdicts of drills that came so far as to show something.
    private static let tried = [DrillVerdict.recovered, .degraded, .unrecoverable].map(\.rawValue)

    private static func address(_ word: [UInt8]) throws(Failure) -> SnapshotAddress {
        let item = try ItemAddress.parse(word)
        guard item.source == nil else {
            throw Failure(.usage, "`\(item.text)` is a part of a snapshot, and a drill recovers a whole one")
        }
        return item.snapshot
    }
}
