import Platform

/// The names of a target directory that a snapshot's directory does not have, found beside a walk over that.
struct ExtraNames {
    private let names: NameList
    private var next = 0

    /// Takes the names that are there.
    init(_ names: NameList) { self.names = names }

    /// Tells `body` the names before `name`, which the snapshot has. Names must come in ascending order.
    mutating func upTo(_ name: [UInt8], _ body: ([UInt8]) throws -> Void) throws {
        while next < names.count {
            let present = names[next]
            if present == name {
                next += 1
                return
            }
            guard present.lexicographicallyPrecedes(name) else { return }
            next += 1
            try body(present)
        }
    }

    /// Tells `body` all names behind the snapshot's last one.
    mutating func rest(_ body: ([UInt8]) throws -> Void) throws {
        while next < names.count {
            next += 1
            try body(names[next - 1])
        }
    }
}
