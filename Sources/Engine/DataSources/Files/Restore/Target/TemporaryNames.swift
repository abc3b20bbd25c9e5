import Formats
import Platform

/// Names for the moment before a rename: `.salvor-`, random digits of this run, a number.
final class TemporaryNames: Sendable {
    private let prefix: [UInt8]
    private let counter = Counter()

    private final class Counter: @unchecked Sendable {
        private let lock = Lock()
        private var value: UInt64 = 0

        func next() -> UInt64 {
            lock.locked {
                value += 1
                return value
            }
        }
    }

    init() { prefix = Array((".salvor-" + Hexadecimal.string(SystemRandomness().bytes(8)) + "-").utf8) }

    /// The next name.
    func next() -> [UInt8] { prefix + Array(String(counter.next()).utf8) }
}
