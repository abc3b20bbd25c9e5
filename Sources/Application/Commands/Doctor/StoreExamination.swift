import Formats
import Platform
import Storage
import Upkeep

/// Looks at the store of a repository without its key: is it there, does it do what its backend promises, what does its
/// clock say.
struct StoreExamination {
    let store: any ObjectStore
    /// Where its files are, when they are on this machine.
    let folder: [UInt8]?
    let clock: any Clock

    /// A clock that is further off would make `stale` and `latest` wrong.
    private static let secondsOff = 5.0
    private static let roomLeast: UInt64 = 1 << 30

    /// All of it. Throws only what stops the run.
    func run(cancellation: any Cancellation) throws -> [Diagnosis] {
        let outcome = try StoreProbe(store, clock: clock).run(cancellation: cancellation)
        return primitives(outcome) + time(outcome) + room()
    }

    private func primitives(_ outcome: StoreProbe.Outcome) -> [Diagnosis] {
        var found: [Diagnosis] = []
        if let refusal = outcome.refusal {
            let advice = "restores and checks only read; backups, and drills for their evidence, must write there"
            if refusal.kind == .unreachable { return [.problem("store", refusal)] }
            found.append(
                .warning("store", "nothing can be written to \(store.location): \(refusal.description)", advice))
        } else {
            found += outcome.faults.map {
                .problem(
                    "store", .failed, "the store in \(store.location) breaks a promise: \($0)",
                    "use it with one writer at a time, or move the repository: snapshots may be lost there")
            }
        }
        if found.isEmpty {
            let promises = [
                store.guarantees.createIfAbsent ? "a taken name stays" : nil,
                store.guarantees.completeLists ? "lists are complete" : nil,
            ].compactMap { $0 }
            found.append(
                .ok("store", "\(store.location) can be read and written; tried: " + promises.joined(separator: ", ")))
        }
        found += outcome.leftovers.map {
            .problem("store", .leftBehind, "\($0) was stored to try the store, and cannot be removed", "remove it")
        }
        return found
    }

    private func time(_ outcome: StoreProbe.Outcome) -> [Diagnosis] {
        guard let ahead = outcome.secondsAhead else { return [] }
        guard ahead.magnitude >= Self.secondsOff else { return [.ok("clock", "the store's clock agrees with ours")] }
        let words = "\(Quantity.duration(seconds: ahead.magnitude)) \(ahead > 0 ? "ahead of" : "behind") ours"
        return [.warning("clock", "the store's clock is \(words)", "let both machines ask the same time server")]
    }

    private func room() -> [Diagnosis] {
        guard let folder, let free = try? FreeSpace.bytes(at: folder) else { return [] }
        let text = "\(Quantity.bytes(free)) are free in \(store.location)"
        return free >= Self.roomLeast
            ? [.ok("space", text + ", for backups")]
            : [.warning("space", text, "make room: a backup that finds none fails")]
    }
}
