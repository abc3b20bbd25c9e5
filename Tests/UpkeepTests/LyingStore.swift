import Platform
import Storage
import TestDoubles

/// A store that breaks one of its promises.
final class LyingStore: DatedStore {
    enum Lie {
        case none
        /// A later object takes the place of one of the same name.
        case replaces
        /// The same, and it says that the name was taken.
        case replacesSilently
        /// Lists lack what was created last.
        case forgetsToList
        /// Lists show what was removed.
        case listsTheDead
        /// Nothing can be stored.
        case readsOnly
        /// What was stored cannot be removed.
        case keepsAll
        /// Its clock is so many seconds ahead.
        case isAhead(Double)
    }

    let inner = MemoryStore()
    private let lie: Lie
    private let clock: any Clock
    private let lock = Lock()
    nonisolated(unsafe) private var removed: Set<ObjectName> = []

    init(_ lie: Lie, clock: any Clock) {
        self.lie = lie
        self.clock = clock
    }

    var location: String { "the store" }
    var guarantees: StoreGuarantees { inner.guarantees }

    func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        switch lie {
        case .readsOnly: throw Failure(.failed, "cannot store \(name)", cause: "Permission denied", systemError: 13)
        case .replaces:
            try inner.remove(name)
            return try inner.create(name, bytes)
        case .replacesSilently:
            let isThere = (try? inner.length(name)) != nil
            try inner.remove(name)
            _ = try inner.create(name, bytes)
            return isThere ? .exists : .created
        default: return try inner.create(name, bytes)
        }
    }

    func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws {
        var objects: [ListedObject] = []
        try inner.list(folder) { objects.append($0) }
        if case .forgetsToList = lie { objects = objects.filter { !$0.name.text.hasSuffix("-list-7") } }
        if case .listsTheDead = lie {
            objects += lock.locked { unsafe removed }.map { ListedObject(name: $0, length: 0) }
        }
        for object in objects { try body(object) }
    }

    func remove(_ name: ObjectName) throws {
        if case .keepsAll = lie { throw Failure(.failed, "cannot remove \(name)", cause: "Permission denied") }
        lock.locked { _ = unsafe removed.insert(name) }
        try inner.remove(name)
    }

    func made(_ name: ObjectName) throws -> Instant {
        var now = clock.now()
        if case .isAhead(let seconds) = lie { now.seconds += Int64(seconds) }
        return now
    }

    func begin() throws -> any PendingObject { try inner.begin() }
    func read(_ name: ObjectName, limit: Int) throws -> [UInt8] { try inner.read(name, limit: limit) }
    func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        try inner.read(name, offset: offset, count: count, into: &buffer)
    }
    func length(_ name: ObjectName) throws -> UInt64 { try inner.length(name) }
}
