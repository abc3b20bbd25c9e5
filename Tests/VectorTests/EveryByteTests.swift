import Formats
import Platform
import Repositories
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

@Suite("Damage of every byte of the stored repository")
struct EveryByteTests {
    @Test("each object whose bytes are not its own is refused by whoever reads it alone: every byte, every length")
    func alone() throws {
        let store = try VectorFolder.store()
        let repository = try TestRepository.open(store)
        let audit = PackAudit(repository)
        for name in try TestRepository.names(store) where !DamageLook.unseen.contains(name.text) {
            let whole = try store.read(name, limit: 1 << 20)
            func refuses(_ label: String) {
                do {
                    switch name.parts.folder {
                    case "keys": try repository.checkSlot(name)
                    case "settings": try repository.checkSetting(name)
                    case "index": try repository.readIndex(name, into: ChunkIndex())
                    case "snapshots": _ = try repository.record(name)
                    default: _ = try audit.verify(name)
                    }
                    Issue.record("\(name) with \(label) is taken for good")
                } catch {
                    let failure = Failure(error)
                    #expect(failure.kind == .damaged, "\(name), \(label): \(failure)")
                    #expect(failure.description.contains(name.text), "\(name), \(label): \(failure)")
                }
            }
            for place in whole.indices {
                store.damage(name) { $0[place] ^= 1 << UInt8(place % 8) }
                refuses("byte \(place) flipped")
                store.damage(name) { $0[place] ^= 1 << UInt8(place % 8) }
            }
            for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 200)) {
                store.damage(name) { $0.removeLast($0.count - count) }
                refuses("\(count) bytes")
                store.damage(name) { $0 = whole }
            }
            try store.remove(name)
            refuses("nothing left")
            _ = try store.create(name, whole.span)
        }
    }

    @Test("check that reads all data names the object, and a restore gives right bytes or an error")
    func together() throws {
        let expected = try VectorTests.expected("second")
        let original = try VectorFolder.store()
        for name in try TestRepository.names(original) {
            let length = Int(try original.length(name))
            // The whole run for every byte would take an hour: the borders of each object, and places in between.
            var places = Set([0, 6, 7, 8, 9, 12, 15, 16, 47, 48, length - 24, length - 8, length - 5, length - 1])
            for place in stride(from: 0, to: length, by: max(1, length / 6)) { places.insert(place) }
            for place in places.sorted() where (0..<length).contains(place) {
                let store = original.copy()
                store.damage(name) { $0[place] ^= 0x40 }
                try look(store, name, "byte \(place)", expected)
            }
            for count in [0, 47, 48, length / 2, length - 1] where count < length {
                let store = original.copy()
                store.damage(name) { $0.removeLast(length - count) }
                try look(store, name, "\(count) bytes", expected)
            }
        }
    }

    private func look(_ store: MemoryStore, _ name: ObjectName, _ label: String, _ expected: [String: JSONValue]) throws
    {
        guard let repository = DamageLook.open(store, name, "\(name), \(label)") else { return }
        try DamageLook.check(repository, name, "\(name), \(label)", readsData: true)
        try DamageLook.restore(repository, "\(name), \(label)", expected)
    }
}
