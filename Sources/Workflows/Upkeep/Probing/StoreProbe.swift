import Formats
import Platform
import Storage

/// Tries on the store at hand what its backend promises (design §5): an object appears whole, a taken name stays, of
/// several creators one wins, a list shows everything whose creation was answered.
///
/// It works with objects of its own, beside the settings, under names that no object of a repository has; and removes
/// them. The settings' folder is there in every repository, so that not even an empty folder stays.
package struct StoreProbe {
    /// What came out.
    package struct Outcome: Sendable {
        /// Why nothing could be stored; nil when it could.
        package var refusal: Failure?
        /// What the store does not do as it should, in sentences.
        package var faults: [String] = []
        /// The names of objects of ours that could not be removed.
        package var leftovers: [String] = []
        /// By how many seconds the store's clock is ahead of ours; nil where it tells no times.
        package var secondsAhead: Double?
    }

    private let store: any ObjectStore
    private let clock: any Clock
    private let mark: String

    private static let creators = 4
    private static let listed = 16
    private static let noSuchObject: Int32 = 2

    /// Prepares a probe.
    package init(_ store: any ObjectStore, clock: any Clock, randomness: any Randomness = SystemRandomness()) {
        self.store = store
        self.clock = clock
        mark = "probe-" + Hexadecimal.string(randomness.bytes(8))
    }

    /// Tries everything. What the store refuses is part of the outcome; only what stops the run is thrown.
    package func run(cancellation: any Cancellation) throws -> Outcome {
        var outcome = Outcome()
        do {
            try tryOne(&outcome)
            try cancellation.check()
            try tryRace(&outcome)
            try cancellation.check()
            try tryList(&outcome)
        } catch {
            let failure = Failure(error)
            guard ![.interrupted, .terminated].contains(failure.kind) else {
                remove(&outcome)
                throw failure
            }
            outcome.refusal = failure
        }
        remove(&outcome)
        return outcome
    }

    private func name(_ part: String) -> ObjectName { ObjectName(known: "settings/\(mark)-\(part)") }

    /// One object: it comes back, and its name stays taken.
    private func tryOne(_ outcome: inout Outcome) throws {
        let object = name("one")
        let first = [UInt8]("the first content".utf8)
        let before = clock.now()
        guard try store.create(object, first.span) == .created else {
            outcome.faults.append("a name that nobody has used is said to be taken")
            return
        }
        if let dated = store as? any DatedStore {
            let made = try dated.made(object)
            let (early, late) = (made.seconds(since: before), made.seconds(since: clock.now()))
            // Between the two lies the moment of the creation: only what lies outside is a difference.
            outcome.secondsAhead = early < 0 ? early : max(0, late)
        }
        if try store.read(object, limit: 100) != first {
            outcome.faults.append("an object does not come back as it was stored")
        }
        let again = [UInt8]("the second content".utf8)
        if try store.create(object, again.span) != .exists {
            outcome.faults.append("a name that is taken can be stored to once more")
        }
        if try store.read(object, limit: 100) != first {
            outcome.faults.append("an object that was there is replaced by a later one of its name")
        }
    }

    /// Several creators of one name: one wins.
    private func tryRace(_ outcome: inout Outcome) throws {
        let object = name("race")
        let lock = Lock()
        nonisolated(unsafe) var winners: [UInt8] = []
        let store = store
        try ThreadScope.run { scope in
            for number in 0..<UInt8(Self.creators) {
                scope.start("probe") {
                    let content = [UInt8](repeating: number, count: 1000)
                    guard try store.create(object, content.span) == .created else { return }
                    lock.locked { unsafe winners.append(number) }
                }
            }
        }
        let (won, content) = (unsafe winners, try store.read(object, limit: 1000))
        if won.count != 1 {
            outcome.faults.append("of \(Self.creators) creators of one name \(won.count) were told that they made it")
        } else if content != [UInt8](repeating: won[0], count: 1000) {
            outcome.faults.append("an object does not hold what the creator stored that was told that it made it")
        }
    }

    /// Several objects: a list that begins after their creation shows them all, and after their removal none.
    private func tryList(_ outcome: inout Outcome) throws {
        let made = (0..<Self.listed).map { name("list-\($0)") }
        for object in made { _ = try store.create(object, [UInt8]().span) }
        let missing = Set(made).subtracting(try ours())
        if !missing.isEmpty {
            outcome.faults.append("a list lacks \(missing.count) of \(Self.listed) objects that were just created")
        }
        for object in made { try store.remove(object) }
        if try !ours().isDisjoint(with: made) {
            outcome.faults.append("a list shows objects that were just removed")
        }
    }

    private func ours() throws -> Set<ObjectName> {
        var found: Set<ObjectName> = []
        try store.list("settings") { if $0.name.last.hasPrefix(mark) { found.insert($0.name) } }
        return found
    }

    private func remove(_ outcome: inout Outcome) {
        let left = ((try? ours()) ?? []).union([name("one"), name("race")])
        for object in left.sorted() {
            do { try store.remove(object) } catch {
                guard let failure = Optional(Failure(error)), failure.systemError != Self.noSuchObject else { continue }
                // A store that took nothing has nothing of ours, whatever it says to a removal.
                if (try? store.length(object)) != nil { outcome.leftovers.append(object.text) }
            }
        }
    }
}
