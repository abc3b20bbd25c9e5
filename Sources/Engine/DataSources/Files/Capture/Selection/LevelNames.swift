import Platform

/// The names in one directory that a walk visits, ascending: all of them, those that a list names, or a few.
struct LevelNames {
    /// One of them.
    struct Step {
        let name: [UInt8]
        /// Its place in the list of the directory's names; nil when that was not read, or does not have it.
        let index: Int?
        /// Whether everything in it is visited.
        let isWhole: Bool
        /// Whether a list of paths names it.
        var isNamed = false
        /// What a list names in it.
        var below: NamedGroup?
        /// Whether it is kept for what it says of its directory: nothing in it is visited.
        var isMarker = false

        /// Whether a list asks for it, or for what is in it: that it is not there is worth a word.
        var isAskedFor: Bool { isNamed || below != nil }
    }

    private let listed: NameList?
    private var position = 0
    private var named: NamedGroup?
    private var markers: ArraySlice<[UInt8]> = []

    /// Everything in a directory. What a list names in it is asked for, whether it is there or not.
    init(_ listed: NameList, named: NamedGroup? = nil) {
        self.listed = listed
        self.named = named
    }

    /// What a list names: the directory itself need not be read.
    init(named: NamedGroup) {
        listed = nil
        self.named = named
    }

    /// What a directory is kept for.
    init(markers: [[UInt8]]) {
        listed = nil
        self.markers = markers[...]
    }

    /// Whether none is left.
    var isEmpty: Bool {
        position == listed?.count ?? 0 && (named?.count ?? 0) == 0 && markers.isEmpty
    }

    /// Drops those that are left.
    mutating func removeAll() {
        position = listed?.count ?? 0
        named = nil
        markers = []
    }

    /// The next one.
    mutating func next() -> Step? {
        if let marker = markers.popFirst() {
            return Step(name: marker, index: nil, isWhole: true, isMarker: true)
        }
        guard let listed, position < listed.count else { return nextNamed(index: nil, isWhole: false) }
        let name = listed[position]
        if let wanted = named?.nextName {
            if wanted.lexicographicallyPrecedes(name) { return nextNamed(index: nil, isWhole: true) }
            if wanted == name {
                position += 1
                return nextNamed(index: position - 1, isWhole: true)
            }
        }
        position += 1
        return Step(name: name, index: position - 1, isWhole: true)
    }

    /// What the kernel says of one of them.
    func status(of step: Step, in directory: Directory) throws(Failure) -> FileStatus {
        guard let listed, let index = step.index else { return try directory.status(of: step.name) }
        return try directory.status(of: listed, at: index)
    }

    private mutating func nextNamed(index: Int?, isWhole: Bool) -> Step? {
        guard let member = named?.next() else { return nil }
        return Step(
            name: member.name, index: index, isWhole: isWhole || member.isWhole, isNamed: member.isWhole,
            below: member.below)
    }
}
