import Formats
import Platform
import Repositories
import Sealing
import Storage
import TestDoubles
import TestRepositories

/// The stored repository that outlives the code which made it, and what it must give.
enum VectorFolder {
    /// `Tests/Vectors` in the source tree.
    static var path: String {
        let here = #filePath
        return here.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Vectors"
    }

    static var repository: String { path + "/repository" }
    static var expected: String { path + "/expected.json" }
    static var damages: String { path + "/damages.json" }

    /// A copy of the stored objects, to be damaged.
    static func store() throws -> MemoryStore {
        let stored = try LocalStore(path: Array(repository.utf8))
        let copy = MemoryStore()
        for name in try TestRepository.names(stored) {
            let bytes = try stored.read(name, limit: 1 << 20)
            _ = try copy.create(name, bytes.span)
        }
        return copy
    }

    static func json(_ path: String) throws -> JSONValue {
        let bytes = try FileTree.read(Array(path.utf8), limit: 1 << 20)
        do { return try JSONParser.parse(bytes) } catch { throw Failure(.failed, "\(path): \(error.sentence)") }
    }

    /// Opens by the password, or where its slot is damaged by the recovery key.
    static func open(_ store: any ObjectStore) throws -> Repository {
        do { return try TestRepository.open(store) } catch {
            guard let text = try json(expected)["recoveryKey"]?.text, let key = RecoveryKey(text) else { throw error }
            return try Repository.open(store, credential: .recoveryKey(key), randomness: SeededRandomness(seed: 3))
        }
    }
}
