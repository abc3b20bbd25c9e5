/// Numbers from 0 on, one bit each.
package struct NumberSet: Sendable {
    private var words: [UInt64]
    /// How many numbers are in it.
    package private(set) var count = 0

    /// Makes a set of none, with room for numbers below `limit`.
    package init(below limit: Int) { words = [UInt64](repeating: 0, count: (limit + 63) / 64) }

    /// Whether a number is in it.
    package func contains(_ number: Int) -> Bool {
        number >> 6 < words.count && words[number >> 6] >> UInt64(number & 63) & 1 == 1
    }

    /// Puts a number in, making room for it; false when it was there.
    @discardableResult
    package mutating func insert(_ number: Int) -> Bool {
        guard !contains(number) else { return false }
        while number >> 6 >= words.count { words.append(0) }
        words[number >> 6] |= 1 << UInt64(number & 63)
        count += 1
        return true
    }

    /// Takes a number out; false when it was not there.
    package mutating func remove(_ number: Int) -> Bool {
        guard contains(number) else { return false }
        words[number >> 6] &= ~(1 << UInt64(number & 63))
        count -= 1
        return true
    }
}
