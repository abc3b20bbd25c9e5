import Repositories

/// What is known of the packs of an index, by their numbers.
struct PackStates {
    enum State: UInt8 {
        case good
        /// Missing, or damaged.
        case bad
        /// Named by no index, but known by its own directory.
        case unindexed
    }

    private var states: [State]
    /// Whether any pack is not good.
    private(set) var hasOthers = false

    init(count: Int) { states = [State](repeating: .good, count: count) }

    subscript(number: UInt32) -> State {
        get { states[Int(number)] }
        set {
            states[Int(number)] = newValue
            if newValue != .good { hasOthers = true }
        }
    }
}
