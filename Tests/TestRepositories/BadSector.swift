import Glibc
import Platform
import Storage

/// A store on a disk with bad sectors: the bytes of some objects cannot be read.
package final class BadSector: ObjectStore {
    private let inner: any ObjectStore
    private let bad: Set<ObjectName>

    /// The objects `bad` of `inner` are listed, and cannot be read.
    package init(_ inner: any ObjectStore, _ bad: ObjectName...) {
        self.inner = inner
        self.bad = Set(bad)
    }

    package var location: String { inner.location }
    package var guarantees: StoreGuarantees { inner.guarantees }
    package func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        try inner.create(name, bytes)
    }
    package func begin() throws -> any PendingObject { try inner.begin() }
    package func length(_ name: ObjectName) throws -> UInt64 { try inner.length(name) }
    package func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws { try inner.list(folder, body) }
    package func remove(_ name: ObjectName) throws { try inner.remove(name) }

    package func read(_ name: ObjectName, limit: Int) throws -> [UInt8] {
        try look(name)
        return try inner.read(name, limit: limit)
    }

    package func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        try look(name)
        try inner.read(name, offset: offset, count: count, into: &buffer)
    }

    private func look(_ name: ObjectName) throws {
        guard bad.contains(name) else { return }
        throw Failure(.failed, "cannot read \(name)", cause: "Input/output error", systemError: EIO)
    }
}
