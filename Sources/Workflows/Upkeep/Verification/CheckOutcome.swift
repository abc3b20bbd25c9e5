import Platform
import Repositories
import Storage

/// What a check found.
package struct CheckOutcome: Sendable, Equatable {
    /// One thing that is wrong.
    package struct Damage: Sendable, Equatable {
        /// The object, or `snapshot 1a2b3c4d: web/index.html`.
        package var object: String
        package var sentence: String
    }

    package var damages: [Damage] = []
    /// Damages beyond those that are named.
    package var moreDamages = 0
    /// Worth knowing, and no damage.
    package var notices: [Damage] = []
    package var snapshots = 0
    package var packs = 0
    package var chunks = 0
    package var entries = 0
    /// Bytes of packs that were read and verified.
    package var bytesRead: UInt64 = 0
    /// Files of several chunks that were compared with their SHA-256.
    package var filesCompared = 0
    /// Such files that were not, since most of their bytes were read for newer ones.
    package var filesNotCompared = 0
    package var seconds = 0.0

    /// Whether nothing is wrong.
    package var isHealthy: Bool { damages.isEmpty }

    /// Damages that are named; a wrecked repository could have millions.
    static let namedAtMost = 1000

    /// The failure of one object, which is damage of it; rethrows what ends the check itself.
    static func damage(_ error: any Error) throws -> Failure {
        let failure = Failure(error)
        // Without an `errno` a plain failure is of the content: a version or a field that this salvor does not know.
        guard failure.kind == .damaged || failure.kind == .failed && failure.systemError == nil else { throw failure }
        return failure
    }

    /// Adds the damages of another one.
    mutating func take(_ other: CheckOutcome) {
        for damage in other.damages { note(damage.object, damage.sentence) }
        moreDamages += other.moreDamages
    }

    mutating func note(_ object: String, _ sentence: String) {
        if damages.count < Self.namedAtMost {
            damages.append(Damage(object: object, sentence: sentence))
        } else {
            moreDamages += 1
        }
    }
}
