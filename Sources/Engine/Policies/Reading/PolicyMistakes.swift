import Formats
import Platform

/// All that is wrong with one policy.
package struct PolicyMistakes: Error, Sendable, Equatable {
    /// The file, as it was given.
    package var path: [UInt8]
    /// In the order of the text.
    package var mistakes: [PolicyMistake]

    /// Makes the list for a file.
    package init(path: [UInt8], mistakes: [PolicyMistake]) {
        self.path = path
        self.mistakes = mistakes
    }

    /// Each as a failure: `file:line:column: sentence`.
    package var failures: [Failure] {
        mistakes.map { mistake in
            let place = "\(printable(path)):\(mistake.place.line):\(mistake.place.column)"
            return Failure(.policy, "\(place): \(mistake.sentence)", hint: mistake.hint)
        }
    }
}
