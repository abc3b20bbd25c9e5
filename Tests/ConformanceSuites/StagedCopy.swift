import Drills
import Platform

/// A source that came back, for a suite that looks at it, damages it and takes it away.
package struct StagedCopy {
    /// Something that is done to a copy and must be seen.
    package struct Damage {
        /// What is done, for the message of a test that fails.
        package var words: String
        /// The objects that a check must name, by the check's identifier; a check that is not here need not see it.
        package var named: [String: [String]]
        /// Does it to the copy that was made last, or to what the snapshot says about it.
        package var make: (inout CheckSubject) throws -> Void

        /// Takes a damage and who must name what.
        package init(
            _ words: String, _ named: [String: [String]],
            _ make: @escaping (inout CheckSubject) throws -> Void
        ) {
            self.words = words
            self.named = named
            self.make = make
        }
    }

    /// Something after which there is nothing left to look at.
    package struct Loss {
        package var words: String
        package var make: (inout CheckSubject) throws -> Void

        /// Takes a loss.
        package init(_ words: String, _ make: @escaping (inout CheckSubject) throws -> Void) {
            self.words = words
            self.make = make
        }
    }

    /// Brings the source back once more, whole, and answers what a check is told of it.
    package var bringBack: () throws -> CheckSubject
    package var damages: [Damage]
    package var losses: [Loss]

    /// Takes the way to a faithful copy, and what can be done to one.
    package init(damages: [Damage], losses: [Loss], bringBack: @escaping () throws -> CheckSubject) {
        self.damages = damages
        self.losses = losses
        self.bringBack = bringBack
    }
}
