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
    /// Whether every damage was counted. Of more than are named not all are looked for in every snapshot.
    package var isCounted = true
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
    /// Such files that were not, since most of their bytes were read for newer ones, or since they repeat theirs.
    package var filesNotCompared = 0
    package var seconds = 0.0

    /// Whether nothing is wrong.
    package var isHealthy: Bool { damages.isEmpty }

    /// Damages that are named, of objects and of snapshots; a wrecked repository could have millions. Of each snapshot
    /// one is named in any case.
    static let namedAtMost = 1000

    /// The failure of one object, which is damage of it; rethrows what ends the check itself.
    static func damage(_ error: any Error) throws -> Failure {
        let failure = Failure(error)
        // Without an `errno` a plain failure is of the content: a version or a field that this salvor does not know.
        guard failure.kind == .damaged || failure.kind == .failed && failure.systemError == nil else { throw failure }
        return failure
    }

    /// Whether as many are named as may be.
    var isFull: Bool { damages.count >= Self.namedAtMost }

    /// Adds the damages of another one.
    mutating func take(_ other: CheckOutcome) {
        damages += other.damages
        moreDamages += other.moreDamages
        if !other.isCounted { isCounted = false }
    }

    mutating func note(_ object: String, _ sentence: String, always: Bool = false) {
        if always || !isFull {
            damages.append(Damage(object: object, sentence: sentence))
        } else {
            moreDamages += 1
        }
    }
}
