/// Numbers below a limit, one bit each.
struct NumberSet: Sendable {
    private var words: [UInt64]

    /// Makes a set of none, for numbers below `limit`.
    init(below limit: Int) { words = [UInt64](repeating: 0, count: (limit + 63) / 64) }

    /// Whether a number is in it.
    func contains(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 == 1 }

    /// Puts a number in; false when it was there.
    @discardableResult
    mutating func insert(_ number: Int) -> Bool {
        let bit = UInt64(1) << UInt64(number & 63)
        guard words[number >> 6] & bit == 0 else { return false }
        words[number >> 6] |= bit
        return true
    }

    /// Takes a number out; false when it was not there.
    mutating func remove(_ number: Int) -> Bool {
        guard contains(number) else { return false }
        words[number >> 6] &= ~(1 << UInt64(number & 63))
        return true
    }
}
