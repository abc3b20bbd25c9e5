import Glibc
import Platform
import Storage
import Synchronization

/// A store in which one call goes wrong, counted from 1: run a job once to learn how many calls it makes, then once for
/// each of them.
package final class FaultyStore: ObjectStore {
    /// What goes wrong.
    package enum Fault: Sendable, CaseIterable {
        /// The call fails and does nothing; the next one works.
        case fails
        /// The call does its work, then fails: the answer was lost.
        case answerLost
        /// This call and all later ones fail: the process, or the line, is dead.
        case dead
        /// This call and all later writes fail: the disk is full.
        case full
    }

    private struct State {
        var calls = 0
        var struck = false
    }

    private let inner: any ObjectStore
    private let fault: Fault
    private let strikes: Int
    private let delaySeconds: Double
    private let state = Mutex(State())

    /// Lets the call number `call` go wrong, after a while; 0 lets every call pass.
    package init(_ inner: any ObjectStore, _ fault: Fault, atCall call: Int, delaySeconds: Double = 0) {
        self.inner = inner
        self.fault = fault
        strikes = call
        self.delaySeconds = delaySeconds
    }

    /// How many calls came so far.
    package var calls: Int { state.withLock { $0.calls } }
    /// Whether the fault came.
    package var struck: Bool { state.withLock { $0.struck } }
    package var location: String { inner.location }
    package var guarantees: StoreGuarantees { inner.guarantees }

    package func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        try pass(writes: true) { try inner.create(name, bytes) }
    }

    package func begin() throws -> any PendingObject {
        PendingWithFault(try pass(writes: true) { try inner.begin() }, in: self)
    }

    package func read(_ name: ObjectName, limit: Int) throws -> [UInt8] {
        try pass(writes: false) { try inner.read(name, limit: limit) }
    }

    package func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        try pass(writes: false) { try inner.read(name, offset: offset, count: count, into: &buffer) }
    }

    package func length(_ name: ObjectName) throws -> UInt64 { try pass(writes: false) { try inner.length(name) } }

    package func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws {
        try pass(writes: false) { try inner.list(folder, body) }
    }

    package func remove(_ name: ObjectName) throws { try pass(writes: false) { try inner.remove(name) } }

    fileprivate func pass<Answer>(writes: Bool, _ body: () throws -> Answer) throws -> Answer {
        let strikesNow = state.withLock { state in
            state.calls += 1
            guard strikes > 0 else { return false }
            let now =
                switch fault {
                case .fails, .answerLost: state.calls == strikes
                case .dead: state.calls >= strikes
                case .full: state.calls >= strikes && writes
                }
            if now { state.struck = true }
            return now
        }
        guard strikesNow else { return try body() }
        if delaySeconds > 0 { Pause.sleep(seconds: delaySeconds) }
        if fault == .answerLost { _ = try body() }
        if fault == .full {
            throw Failure(.failed, "cannot write to \(location)", hint: "free some space there", systemError: ENOSPC)
        }
        throw Failure(.unreachable, "the connection to \(location) broke", systemError: EIO)
    }
}

/// A pending object whose calls count too.
private final class PendingWithFault: PendingObject {
    private let inner: any PendingObject
    private let store: FaultyStore

    init(_ inner: any PendingObject, in store: FaultyStore) {
        self.inner = inner
        self.store = store
    }

    func append(_ bytes: Span<UInt8>) throws { try store.pass(writes: true) { try inner.append(bytes) } }

    func finish(as name: ObjectName) throws -> CreateAnswer {
        try store.pass(writes: true) { try inner.finish(as: name) }
    }
}
