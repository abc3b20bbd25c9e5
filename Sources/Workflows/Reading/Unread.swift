import DataSources
import Platform

/// What could not be read while everything else was: the first thousand by name, all by number.
package struct Unread: Sendable, Equatable {
    /// What is named, in the order in which it was met.
    package private(set) var findings: [Finding] = []
    /// Parts of snapshots that are damaged.
    package private(set) var damaged = 0
    /// Things on disk that could not be read.
    package private(set) var unreadable = 0

    /// A wrecked repository could have millions.
    static let namedAtMost = 1000

    /// Makes a list of nothing.
    package init() {}

    /// Notes a part of a snapshot that is damaged. Rethrows what is no damage: it ends the run.
    package mutating func noteDamage(_ object: @autoclosure () -> String, _ what: String, _ error: any Error) throws {
        let failure = Failure(error)
        guard failure.kind == .damaged else { throw error }
        damaged += 1
        name(object(), "\(what): \(failure.description)")
    }

    /// Notes something on disk that could not be read.
    mutating func noteUnreadable(_ object: @autoclosure () -> String, _ sentence: String) {
        unreadable += 1
        name(object(), sentence)
    }

    private mutating func name(_ object: @autoclosure () -> String, _ sentence: @autoclosure () -> String) {
        if findings.count < Self.namedAtMost { findings.append(Finding(.missing, object(), sentence())) }
    }
}
