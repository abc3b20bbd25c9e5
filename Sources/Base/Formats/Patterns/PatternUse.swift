/// Which patterns of a list have meant anything so far.
package struct PatternUse: Sendable, Equatable {
    private var isUsed: [Bool]

    /// Makes a record for a list of `count` patterns, none of which was used.
    package init(count: Int) { isUsed = Array(repeating: false, count: count) }

    /// Notes the use of a pattern.
    package mutating func insert(_ number: Int) { isUsed[number] = true }

    /// Takes in what another walk with the same list used.
    package mutating func formUnion(_ other: PatternUse) {
        for number in other.isUsed.indices where other.isUsed[number] { isUsed[number] = true }
    }

    /// The numbers of the patterns that meant nothing, ascending.
    package var unused: [Int] { isUsed.indices.filter { !isUsed[$0] } }
}
