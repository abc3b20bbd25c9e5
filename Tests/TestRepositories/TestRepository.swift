import Platform
import Repositories
import Sealing
import Storage
import TestDoubles

/// A repository with cheap keys, seeded randomness and a clock of its own.
package struct TestRepository {
    /// Where its objects are.
    package let store: any ObjectStore
    /// It, opened.
    package let repository: Repository
    /// The clock of whoever works with it.
    package let clock: ManualClock
    /// Its recovery key.
    package let recoveryKey: RecoveryKey

    /// The password of every test repository.
    package static let password = "correct horse"

    /// Makes one in an empty store.
    package init(in store: any ObjectStore = MemoryStore(), seed: UInt64 = 1, clock: ManualClock = ManualClock()) throws
    {
        let randomness = SeededRandomness(seed: seed)
        let key = RecoveryKey(randomness: randomness)
        self.store = store
        self.clock = clock
        recoveryKey = key
        repository = try Repository.create(
            in: store, credentials: [(Self.credential, "password"), (.recoveryKey(key), "recovery key")],
            randomness: randomness, clock: clock, tool: "salvor test", cost: Self.cost)
    }

    /// The cheapest cost that a reader takes.
    package static let cost = KeyDerivation.Cost(log2N: 4, r: 1, p: 1)
    /// The password, to show.
    package static var credential: Credential { .password(SecretBytes(Array(password.utf8))) }

    /// Opens the same repository in another store, such as a copy, or a wrapper around it.
    package static func open(_ store: any ObjectStore, seed: UInt64 = 99) throws -> Repository {
        try Repository.open(store, credential: credential, randomness: SeededRandomness(seed: seed))
    }

    /// The names of all objects of a store, in order.
    package static func names(_ store: any ObjectStore, in folder: String = "") throws -> [ObjectName] {
        var names: [ObjectName] = []
        try store.list(folder) { names.append($0.name) }
        return names
    }
}
