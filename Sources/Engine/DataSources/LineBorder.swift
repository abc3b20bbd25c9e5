/// A place behind a line at which a content of lines may be cut, found by whoever reads it: from the line alone, so
/// that equal lines are cut equally wherever they stand.
package struct LineBorder: Sendable, Equatable {
    /// Bytes of the content up to here.
    package var end: UInt64
    /// Whether a chunk may end here before it has its average length; others count behind that only.
    package var isStrict: Bool

    /// Makes a border.
    package init(end: UInt64, isStrict: Bool) {
        self.end = end
        self.isStrict = isStrict
    }

    /// How a line's keyed hash decides: once in a quarter of `averageBytes`, sixteen times rarer for the strict ones,
    /// as the gear hash does it for bytes.
    package struct Rule: Sendable {
        private let perByte: UInt64

        /// The rule for chunks of so many bytes on average.
        package init(averageBytes: Int) { perByte = UInt64.max / UInt64(max(1, averageBytes / 4)) }

        /// What a line is: nil for no border. Of long lines no more than every second one is a border: were it each,
        /// chunks would hang on where the first one began.
        @inline(__always)
        package func border(bytes: Int, hash: UInt64) -> Bool? {
            let (share, overflow) = perByte.multipliedReportingOverflow(by: UInt64(bytes))
            let limit = overflow ? UInt64.max / 2 : min(share, UInt64.max / 2)
            if hash > limit { return nil }
            return hash <= limit / 16
        }
    }
}
