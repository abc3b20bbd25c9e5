import ConformanceSuites
import Platform
import Storage
import TestDoubles
import Testing

@Suite("Stores")
struct ObjectStoreTests {
    @Test("a folder keeps the contract of a store")
    func localStore() throws {
        let folder = try TemporaryFolder()
        let numbers = SeededRandomness(seed: 1)
        try ObjectStoreSuite {
            try LocalStore.create(StoreLocation("\(folder.path)/\(numbers.next())"))
        }.run()
    }

    @Test("a folder whose file system has no unlinked files keeps it too")
    func localStoreWithNames() throws {
        let folder = try TemporaryFolder()
        let numbers = SeededRandomness(seed: 1)
        try ObjectStoreSuite {
            let path = folder.path("\(numbers.next())")
            try FileTree.makeDirectories(path)
            return try LocalStore(path: path, unlinkedFiles: false)
        }.run()
    }

    @Test("the store of the tests keeps it")
    func memoryStore() throws { try ObjectStoreSuite { MemoryStore() }.run() }

    @Test("a wrapper that counts, or that lets every call pass, changes nothing")
    func wrappers() throws {
        try ObjectStoreSuite { CountingStore(MemoryStore()) }.run()
        try ObjectStoreSuite { FaultyStore(MemoryStore(), .dead, atCall: 0) }.run()
    }

    @Test("every backend of the catalogue has a scheme of its own and says how its location is written")
    func catalogue() {
        let schemes = StoreCatalog.all.map { $0.scheme }
        #expect(Set(schemes).count == schemes.count)
        for backend in StoreCatalog.all { #expect(!backend.summary.isEmpty) }
    }
}
