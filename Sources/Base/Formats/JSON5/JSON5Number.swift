/// A number as it was written, and what it is worth.
package struct JSON5Number: Sendable, Equatable {
    /// As it stands in the text, with its sign.
    package var text: String
    /// The nearest floating one; infinite where the text says so, or where it is too large.
    package var value: Double
    /// The whole number, when the text writes one (without a point or an exponent) that 64 bits hold.
    package var whole: Int64?

    /// Makes a number.
    package init(text: String, value: Double, whole: Int64? = nil) {
        self.text = text
        self.value = value
        self.whole = whole
    }
}
