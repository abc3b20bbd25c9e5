import Platform

/// One damage that was done to a staged database on purpose.
package struct PostgresDamage: Sendable, Equatable {
    /// What is done.
    package enum Kind: String, Sendable, CaseIterable {
        case deletedRow = "a row deleted"
        case swappedValues = "two values swapped"
        case droppedIndex = "an index dropped"
        case rolledBackSequence = "a sequence rolled back"
    }

    package var kind: Kind
    /// What was damaged, as a check that sees it names it: `public.orders`.
    package var object: String
    /// The statement that takes it back; nil where it cannot be taken back.
    var undoing: String?
}
