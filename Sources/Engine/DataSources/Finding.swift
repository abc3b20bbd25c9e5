/// Something that a person must know: what, about which object. A finding never stops the run.
package struct Finding: Sendable, Equatable {
    /// How much it matters.
    package enum Weight: String, Sendable {
        /// Something is missing from the outcome: exit 3.
        case missing
        /// Worth knowing; nothing is missing.
        case notice
    }

    package var weight: Weight
    /// The object: a path in the source, `public.orders`, …
    package var object: String
    /// One sentence without a full stop.
    package var sentence: String

    /// Makes a finding.
    package init(_ weight: Weight, _ object: String, _ sentence: String) {
        self.weight = weight
        self.object = object
        self.sentence = sentence
    }
}
