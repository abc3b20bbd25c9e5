import Platform
import Storage

/// Reading objects so that what is wrong with one object is damage of that object, and no more: a disk with one bad
/// sector must not end a restore or a check of all the rest.
extension Repository {
    /// The bytes of a whole object. Throws `.damaged` when it is missing, too large or unreadable.
    func object(_ name: ObjectName, limit: Int) throws -> [UInt8] {
        try reading(name) { try store.read(name, limit: limit) }
    }

    /// Appends `count` bytes of an object from `offset`. Throws `.damaged` when they cannot be had.
    func object(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        try reading(name) { try store.read(name, offset: offset, count: count, into: &buffer) }
    }

    /// How long an object is. Throws `.damaged` when it is missing or unreadable.
    func objectLength(_ name: ObjectName) throws -> UInt64 { try reading(name) { try store.length(name) } }

    private func reading<Answer>(_ name: ObjectName, _ body: () throws -> Answer) throws -> Answer {
        do { return try body() } catch let failure as Failure where failure.kind == .failed {
            guard let code = failure.systemError else { throw failure }
            if code == Errno.noSuchObject {
                throw Failure(
                    .damaged, "\(name.text) is missing from the repository",
                    hint: "run `salvor check` to see what is affected",
                    cause: "there is no such object", systemError: code)
            }
            // Without the code: to whoever restores, EIO means that the target is broken.
            guard Errno.unreadable.contains(code) else { throw failure }
            throw Failure(
                .damaged, "\(name.text) cannot be read from the store",
                hint: "look at the disk's health, and copy what can be read",
                cause: failure.cause ?? failure.sentence)
        }
    }
}
