/// The patterns of a list that mean an entry of a certain name in a certain directory, in no order.
package struct PatternMatches: Sendable, Equatable {
    /// Their numbers in the list.
    private(set) var numbers: [Int] = []

    /// Whether there are none.
    package var isEmpty: Bool { numbers.isEmpty }

    mutating func append(_ numbers: [Int]) { self.numbers += numbers }
}
