import Formats
import Platform
import Repositories
import Storage
import TestRepositories
import Testing
import Upkeep

/// What must hold of a copy of the stored repository with one damaged object.
enum DamageLook {
    /// Objects whose damage cannot be seen, or shows only as a wrong password; the format article says why.
    static let unseen: Set<String> = ["RECOVER.txt", "salvor.json"]

    /// The repository, nil where damage of `name` leaves no way in: an error is all that is promised then.
    static func open(_ store: any ObjectStore, _ name: ObjectName, _ label: String) -> Repository? {
        do { return try VectorFolder.open(store) } catch {
            let failure = Failure(error)
            #expect(name.text == "salvor.json", "\(label): \(failure)")
            #expect([.damaged, .wrongKey, .failed, .noRepository].contains(failure.kind), "\(label): \(failure)")
            return nil
        }
    }

    /// Check names the object.
    static func check(_ repository: Repository, _ name: ObjectName, _ label: String, readsData: Bool) throws {
        let outcome = try CheckRun(repository, readsData: readsData).run()
        guard !unseen.contains(name.text) else { return #expect(outcome.isHealthy, "\(label): \(outcome.damages)") }
        #expect(outcome.damages.contains { $0.object == name.text }, "\(label): \(outcome.damages)")
    }

    /// What comes back of the second snapshot is right, and if it is nothing that is because of damage.
    static func restore(
        _ repository: Repository, _ label: String, _ expected: [String: JSONValue], isMissed: Bool = false
    ) throws {
        do {
            let found = try VectorTests.items(repository, tag: "second")
            for (path, value) in found.items { #expect(expected[path] == value, "\(label): \(path)") }
            #expect(!isMissed && found.items.count + found.missing.count > 0, "\(label)")
        } catch { #expect(Failure(error).kind == .damaged, "\(label): \(Failure(error))") }
    }
}
