import Platform
import Storage

/// A store in which some folders look empty: who writes through it stores anew what is there already.
package final class HiddenFolders: ObjectStore {
    private let inner: any ObjectStore
    private let hidden: Set<String>

    /// Shows all of `inner` but what lies in the folders `hidden`.
    package init(_ inner: any ObjectStore, _ hidden: String...) {
        self.inner = inner
        self.hidden = Set(hidden)
    }

    package var location: String { inner.location }
    package var guarantees: StoreGuarantees { inner.guarantees }
    package func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        try inner.create(name, bytes)
    }
    package func begin() throws -> any PendingObject { try inner.begin() }
    package func length(_ name: ObjectName) throws -> UInt64 { try inner.length(name) }
    package func remove(_ name: ObjectName) throws { try inner.remove(name) }
    package func read(_ name: ObjectName, limit: Int) throws -> [UInt8] { try inner.read(name, limit: limit) }
    package func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        try inner.read(name, offset: offset, count: count, into: &buffer)
    }

    package func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws {
        if hidden.contains(folder) { return }
        try inner.list(folder) { object in
            if !hidden.contains(object.name.parts.folder) { try body(object) }
        }
    }
}
