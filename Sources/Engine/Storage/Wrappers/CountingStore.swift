import Platform
import Synchronization

/// A store that counts what passes through it: what a run moved, and what a test wants to know.
package final class CountingStore: ObjectStore {
    /// Calls and bytes since the store was made.
    package struct Counts: Sendable, Equatable {
        /// Objects that were created, and those that were there already.
        package var created = 0
        package var existed = 0
        package var reads = 0
        package var lengths = 0
        package var lists = 0
        package var removes = 0
        package var bytesWritten: UInt64 = 0
        package var bytesRead: UInt64 = 0
    }

    private let inner: any ObjectStore
    private let current = Mutex(Counts())

    /// Counts what goes to `inner`.
    package init(_ inner: any ObjectStore) { self.inner = inner }

    /// What was counted so far.
    package var counts: Counts { current.withLock { $0 } }
    package var location: String { inner.location }
    package var guarantees: StoreGuarantees { inner.guarantees }

    package func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        let answer = try inner.create(name, bytes)
        note(answer, UInt64(bytes.count))
        return answer
    }

    package func begin() throws -> any PendingObject { CountedPendingObject(try inner.begin(), for: self) }

    package func read(_ name: ObjectName, limit: Int) throws -> [UInt8] {
        let bytes = try inner.read(name, limit: limit)
        count {
            $0.reads += 1
            $0.bytesRead += UInt64(bytes.count)
        }
        return bytes
    }

    package func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        try inner.read(name, offset: offset, count: count, into: &buffer)
        self.count {
            $0.reads += 1
            $0.bytesRead += UInt64(count)
        }
    }

    package func length(_ name: ObjectName) throws -> UInt64 {
        count { $0.lengths += 1 }
        return try inner.length(name)
    }

    package func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws {
        count { $0.lists += 1 }
        try inner.list(folder, body)
    }

    package func remove(_ name: ObjectName) throws {
        try inner.remove(name)
        count { $0.removes += 1 }
    }

    private func count(_ change: (inout Counts) -> Void) { current.withLock { change(&$0) } }

    fileprivate func note(_ answer: CreateAnswer, _ bytes: UInt64) {
        count {
            if answer == .created { $0.created += 1 } else { $0.existed += 1 }
            $0.bytesWritten += bytes
        }
    }
}

/// A pending object whose bytes are counted when it gets its name.
private final class CountedPendingObject: PendingObject {
    private let inner: any PendingObject
    private let store: CountingStore
    private var length: UInt64 = 0

    init(_ inner: any PendingObject, for store: CountingStore) {
        self.inner = inner
        self.store = store
    }

    func append(_ bytes: Span<UInt8>) throws {
        try inner.append(bytes)
        length += UInt64(bytes.count)
    }

    func finish(as name: ObjectName) throws -> CreateAnswer {
        let answer = try inner.finish(as: name)
        store.note(answer, length)
        return answer
    }
}
