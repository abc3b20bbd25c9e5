/// A damage that is done to a staging copy on purpose, to see that the checks see it.
package enum StagedDamage: String, Sendable, CaseIterable {
    case deletedRow = "a row deleted"
    case swappedValues = "two values swapped"
    case droppedIndex = "an index dropped"
    case rolledBackSequence = "a sequence rolled back"
    case flippedByte = "a byte changed"
    case removedFile = "a file removed"
}
