import Platform

/// Where objects live: named, immutable runs of bytes. A store knows nothing of repositories.
///
/// Contract, for every backend:
/// - `create` makes an object that appears under its name whole, or not at all; when the name is taken it answers
///   `.exists` and changes nothing. When it answers `.created` the object survives a power cut. It may throw after the
///   object was made (a lost answer): the caller reads the object back.
/// - `list` shows every object whose creation was answered before the list began and that was not removed since.
///   The order is that of the names' bytes.
/// - `read` and `length` throw `.missing` … as a `Failure` whose `systemError` is ENOENT when there is no such object.
/// - `remove` of an absent object is fine.
/// - Every call may come from any thread, and may be repeated.
/// - A store that cannot be reached throws a failure of kind `.unreachable`.
package protocol ObjectStore: Sendable {
    /// The store in words, for messages; holds no password.
    var location: String { get }
    /// Which of the two promises this backend keeps.
    var guarantees: StoreGuarantees { get }

    /// Creates an object from bytes in memory.
    func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer
    /// Begins an object whose name is known only at its end, such as a pack.
    func begin() throws -> any PendingObject
    /// The bytes of a whole object of at most `limit` bytes.
    func read(_ name: ObjectName, limit: Int) throws -> [UInt8]
    /// Appends `count` bytes from `offset` to `buffer`; a shorter object is a failure of kind `.damaged`.
    func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws
    /// The object's length in bytes.
    func length(_ name: ObjectName) throws -> UInt64
    /// Tells `body` every object in a folder, in order of names.
    func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws
    /// Removes an object.
    func remove(_ name: ObjectName) throws
}
