import Formats
import Platform
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

/// What can be cut off an object, or put behind it, or be gone, without an error and without wrong bytes.
@Suite("Every length of the stored objects")
struct EveryLengthTests {
    /// All objects of the stored repository.
    static var names: [String] {
        let store = try? LocalStore(path: Array(VectorFolder.repository.utf8))
        return store.flatMap { try? TestRepository.names($0).map(\.text) } ?? []
    }

    @Test("the stored repository is there")
    func present() { #expect(Self.names.count == 14) }

    @Test(
        "an object of any of its first 512 lengths, a byte short or a byte long, is named; what comes back is right",
        arguments: names)
    func lengths(text: String) throws {
        let name = try #require(ObjectName(text))
        let original = try VectorFolder.store()
        let whole = try original.read(name, limit: 1 << 20)
        let expected = try VectorTests.expected("second")
        let counts = Set(0..<min(512, whole.count)).union([whole.count - 1, whole.count + 1]).sorted()
        for count in counts {
            let store = original.copy()
            store.damage(name) { $0 = count < whole.count ? Array(whole[..<count]) : whole + [0] }
            let label = "\(name) of \(count) bytes"
            guard let repository = DamageLook.open(store, name, label) else { continue }
            // A wrong length shows without reading, and reading everything is slow: that is done for some.
            let isThorough = count % 64 == 0 || count + 1 >= whole.count
            try DamageLook.check(repository, name, label, readsData: false)
            guard isThorough else { continue }
            try DamageLook.check(repository, name, label, readsData: true)
            try DamageLook.restore(repository, label, expected)
        }
    }

    @Test("an object that is gone is missed, but for those that leave no trace; what comes back is right")
    func gone() throws {
        let original = try VectorFolder.store()
        let expected = try VectorTests.expected("second")
        let newest = try #require(try TestRepository.open(original).records().last?.identifier)
        var silent: Set<String> = []
        for text in Self.names {
            let name = try #require(ObjectName(text))
            let store = original.copy()
            try store.remove(name)
            guard let repository = DamageLook.open(store, name, "\(name) gone") else { continue }
            let outcome = try CheckRun(repository, readsData: true).run()
            if outcome.isHealthy { silent.insert(text) }
            let folder = name.parts.folder
            let object = ["index", "settings"].contains(folder) ? folder : text
            #expect(
                outcome.isHealthy || outcome.damages.contains { $0.object == object }, "\(name): \(outcome.damages)")
            try DamageLook.restore(repository, "\(name) gone", expected, isMissed: text.hasSuffix(newest))
        }
        // A way in may have been removed by its owner, and a record that no other one saw was never there.
        let keys = Self.names.filter { $0.hasPrefix("keys/") }
        #expect(silent == Set(keys + ["RECOVER.txt", "snapshots/\(newest)"]))
    }
}
