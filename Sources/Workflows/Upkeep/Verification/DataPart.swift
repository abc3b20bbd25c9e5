/// One of several parts of all data, so that each of many runs reads another one: what belongs to a part depends on its
/// own hash and on how many parts there are, on nothing else. In as many runs as there are parts everything is read,
/// whatever is added meanwhile.
package struct DataPart: Sendable, Equatable {
    /// From 1 to `count`.
    package let number: Int
    package let count: Int

    /// All data.
    package static let whole = DataPart(number: 1, count: 1)

    /// The most parts that make sense.
    package static let countAtMost = 1_000_000

    private init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    /// Reads `3/30`; nil for anything that is no part.
    package init?(_ text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { digits in
            digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(digits) : nil
        }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1], number >= 1, number <= count,
            count <= Self.countAtMost
        else { return nil }
        self.init(number: number, count: count)
    }

    /// Whether what has this hash belongs to the part.
    package func contains(_ hash: [UInt8]) -> Bool {
        let start = hash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(start % UInt64(count)) + 1 == number
    }
}
