import DataSources
import Platform
import Repositories
import Sealing
import Storage

/// A cancellation that comes after so many questions.
package final class CancelledAfter: Cancellation, @unchecked Sendable {
    private let lock = Lock()
    private var left: Int
    private var asked = 0

    /// How often it was asked.
    package var times: Int { lock.locked { asked } }

    /// Stops at the question number `count`, counted from 1, and ever after.
    package init(_ count: Int) { left = count }

    package func check() throws {
        let stops = lock.locked {
            left -= 1
            asked += 1
            return left <= 0
        }
        if stops { throw Failure(.interrupted, "interrupted (Ctrl-C)") }
    }
}

/// Bytes that look like nothing, the same for the same seed; made by words, since tests want megabytes of them.
package func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1
    let words = (0..<(count / 8 + 1)).map { _ -> UInt64 in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return (state &* 0x2545_f491_4f6c_dd1d).littleEndian
    }
    return unsafe words.withUnsafeBytes { unsafe Array($0.prefix(count)) }
}

/// The SHA-256 of some bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] { Digest.sha256(bytes.span) }
