import Glibc
import Platform
import Storage
import Synchronization

/// A store in memory, with the contract of every store.
package final class MemoryStore: ObjectStore {
    package let location = "memory"
    package let guarantees: StoreGuarantees
    private let objects = Mutex<[String: [UInt8]]>([:])

    /// Makes an empty store.
    package init(guarantees: StoreGuarantees = StoreGuarantees(createIfAbsent: true, completeLists: true)) {
        self.guarantees = guarantees
    }

    /// A copy of everything in it: a repository as it is after a crash at this instant.
    package func copy() -> MemoryStore {
        let twin = MemoryStore(guarantees: guarantees)
        let all = objects.withLock { $0 }
        twin.objects.withLock { $0 = all }
        return twin
    }

    /// The names of all objects, in order.
    package var names: [String] { objects.withLock { $0.keys.sorted() } }

    /// Replaces an object behind the contract's back: damage.
    package func damage(_ name: ObjectName, _ change: (inout [UInt8]) -> Void) {
        objects.withLock { objects in
            guard var bytes = objects[name.text] else { preconditionFailure("no object \(name) to damage") }
            change(&bytes)
            objects[name.text] = bytes
        }
    }

    package func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        let copy = Array(bytes)
        return objects.withLock { objects in
            guard objects[name.text] == nil else { return .exists }
            objects[name.text] = copy
            return .created
        }
    }

    package func begin() throws -> any PendingObject { PendingBytes(in: self) }

    package func read(_ name: ObjectName, limit: Int) throws -> [UInt8] {
        let bytes = try content(name)
        guard bytes.count <= limit else { throw Failure(.damaged, "\(name) has more than \(limit) bytes") }
        return bytes
    }

    package func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        let bytes = try content(name)
        let (end, overflow) = offset.addingReportingOverflow(UInt64(count))
        guard !overflow, end <= UInt64(bytes.count) else { throw Failure(.damaged, "\(name) is too short") }
        buffer.append(bytes.span.extracting(Int(offset)..<Int(end)))
    }

    package func length(_ name: ObjectName) throws -> UInt64 { UInt64(try content(name).count) }

    package func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let found = objects.withLock { $0.filter { $0.key.hasPrefix(prefix) }.mapValues(\.count) }
        for (text, length) in found.sorted(by: { $0.key < $1.key }) {
            guard let name = ObjectName(text) else { continue }
            try body(ListedObject(name: name, length: UInt64(length)))
        }
    }

    package func remove(_ name: ObjectName) throws { objects.withLock { $0[name.text] = nil } }

    private func content(_ name: ObjectName) throws -> [UInt8] {
        if let bytes = objects.withLock({ $0[name.text] }) { return bytes }
        throw Failure(.failed, "there is no object \(name)", systemError: ENOENT)
    }
}

/// Bytes that wait for their name.
private final class PendingBytes: PendingObject {
    private let store: MemoryStore
    private var bytes: [UInt8] = []

    init(in store: MemoryStore) { self.store = store }
    func append(_ bytes: Span<UInt8>) throws { self.bytes.append(bytes) }
    func finish(as name: ObjectName) throws -> CreateAnswer {
        let whole = bytes
        return try store.create(name, whole.span)
    }
}
