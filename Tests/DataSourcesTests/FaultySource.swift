import Entries
import Platform

/// What a faulty adapter reads: two files with a hole each, a symlink, and a directory with a pipe and a file.
final class FaultySource: @unchecked Sendable {
    /// What happens in the walk.
    enum Step { case enter, leave, give }

    /// One step of the walk.
    struct Item {
        var step: Step
        var entry: Entry
        /// The path in the source, as findings show it.
        var path: String
    }

    /// Whether each file can be opened once, as what comes through a pipe.
    let comesOnce: Bool
    private let lock = Lock()
    private var nights = 0
    private var changes: UInt8 = 0
    private var hasGone = false
    private var begun: [String: Int] = [:]

    init(comesOnce: Bool = false) { self.comesOnce = comesOnce }

    /// The number of another night, from 0.
    func nextNight() -> Int {
        lock.locked {
            nights += 1
            return nights - 1
        }
    }

    /// How often the content was changed.
    var changeCount: UInt8 { lock.locked { changes } }
    var isAway: Bool { lock.locked { hasGone } }

    /// Somebody writes into every file.
    func change() { lock.locked { changes += 1 } }
    func takeAway() { lock.locked { hasGone = true } }

    /// How often a file was opened before.
    func opened(_ path: String) -> Int {
        lock.locked {
            defer { begun[path, default: 0] += 1 }
            return begun[path, default: 0]
        }
    }

    /// The bytes of every file: data, a hole, data; the first one tells of changes.
    var bytes: [UInt8] {
        [UInt8](repeating: 7 + changeCount, count: 5000) + [UInt8](repeating: 0, count: 9000)
            + [UInt8](repeating: 9, count: 1000)
    }

    static let hole = Entry.Hole(offset: 5000, length: 9000)

    /// The walk of one night.
    func entries(night: Int, _ fault: FaultyAdapter.Fault?) -> [Item] {
        func item(_ step: Step, _ kind: Entry.Kind, _ path: String) -> Item {
            let name = path.split(separator: "/").last.map { Array($0.utf8) } ?? []
            var entry = Entry(name: name, kind: kind, permissions: 0o644, modified: Instant(seconds: 1000))
            entry.inode = UInt64(name.first ?? 0)
            if kind == .file { entry.size = 15_000 }
            if kind == .symlink { entry.linkTarget = Array("a".utf8) }
            if fault == .newTimes { entry.changed = Instant(seconds: Int64(night)) }
            if fault == .earlyDigest { entry.digest = [1] }
            if fault == .unsortedAttributes {
                entry.attributes = ["user.b", "user.a"].map { .init(name: Array($0.utf8), value: []) }
            }
            return Item(step: step, entry: entry, path: path)
        }
        var items = [
            item(.give, .file, "a"), item(.give, .symlink, "b"), item(.enter, .directory, "d"),
            item(.give, .fifo, "d/c"), item(.give, .file, "d/e"), item(.leave, .directory, "d"),
        ]
        if fault == .disorder { items.swapAt(0, 1) }
        return items
    }
}
