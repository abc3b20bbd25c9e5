import DataSources
import Formats
import Platform

/// Which of the planned entries a restore writes: what is included, less what is excluded.
///
/// Both are gitignore lists over paths from the restored item on, or from each source on. What is included brings
/// everything in it; what is excluded takes everything in it away, and nothing brings that back.
package struct RestoreSelection: Sendable {
    /// What is to be done with an entry.
    enum Verdict: Equatable {
        /// It is restored, and what lies in it unless that is excluded.
        case chosen
        /// A directory that is made only when something in it is restored.
        case onTheWay
        /// Neither it nor anything in it is restored.
        case left
    }

    /// How far the patterns are in one directory.
    struct Place {
        fileprivate var included: PathPatterns.Place?
        fileprivate var excluded: PathPatterns.Place?
    }

    private let includes: PathPatterns?
    private let excludes: PathPatterns?

    /// Chooses everything, less what is excluded, or only what is included; an empty list is none.
    package init(includes: PathPatterns? = nil, excludes: PathPatterns? = nil) {
        self.includes = includes?.isEmpty == false ? includes : nil
        self.excludes = excludes?.isEmpty == false ? excludes : nil
    }

    /// Whether everything is chosen, so that nobody need ask.
    var isEverything: Bool { includes == nil && excludes == nil }
    /// Whether there is nothing that patterns take away.
    var excludesNothing: Bool { excludes == nil }

    /// Whether only what is named is chosen.
    var includesOnly: Bool { includes != nil }

    /// Where the patterns begin.
    var top: Place { Place(included: includes?.top, excluded: excludes?.top) }

    /// The place of what lies in a directory.
    func place(below place: Place, _ name: [UInt8]) -> Place {
        var below = Place()
        if let includes, let above = place.included { below.included = includes.place(below: above, name) }
        if let excludes, let above = place.excluded { below.excluded = excludes.place(below: above, name) }
        return below
    }

    /// Which patterns meant anything in a walk.
    struct Use {
        fileprivate var included: PatternUse
        fileprivate var excluded: PatternUse
    }

    /// The use before a walk.
    var nothingUsed: Use {
        Use(
            included: PatternUse(count: includes?.patterns.count ?? 0),
            excluded: PatternUse(count: excludes?.patterns.count ?? 0))
    }

    /// Judges a name in a directory that is chosen, with what lies in it, or on the way.
    func verdict(
        _ name: [UInt8], isDirectory: Bool, in place: Place, isChosen: Bool, noting use: inout Use
    ) -> Verdict {
        if let excludes, let excluded = place.excluded {
            let matches = excludes.matches(name, in: excluded)
            excludes.note(matches, isDirectory: isDirectory, in: &use.excluded)
            if excludes.excludes(matches, isDirectory: isDirectory) { return .left }
        }
        guard let includes, let included = place.included else { return .chosen }
        let matches = includes.matches(name, in: included)
        includes.note(matches, isDirectory: isDirectory, in: &use.included)
        // To a list of what is included, "excluded" is what it names.
        if isChosen || includes.excludes(matches, isDirectory: isDirectory) { return .chosen }
        return isDirectory ? .onTheWay : .left
    }

    /// The patterns that meant nothing. That what is included is not there is a loss; that there was nothing to exclude
    /// is not.
    func unused(_ use: Use) -> [Finding] {
        let missing = use.included.unused.map { number in
            Finding(
                .missing, printable(includes?.patterns[number].text ?? []), "is included, and matches nothing")
        }
        return missing
            + use.excluded.unused.map { number in
                Finding(
                    .notice, printable(excludes?.patterns[number].text ?? []), "is excluded, and matches nothing")
            }
    }

    /// Whether a path, by its names from the patterns' beginning on, is excluded.
    func excludes(_ path: [[UInt8]], isDirectory: Bool) -> Bool {
        excludes?.excludes(path: path, isDirectory: isDirectory) ?? false
    }
}
