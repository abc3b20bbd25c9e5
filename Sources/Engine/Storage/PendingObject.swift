/// An object that is being written and has no name yet. Used by one thread. Dropped without `finish`, it leaves
/// nothing.
package protocol PendingObject: AnyObject {
    /// Appends bytes.
    func append(_ bytes: Span<UInt8>) throws
    /// Gives the object its name; durable when it answers.
    func finish(as name: ObjectName) throws -> CreateAnswer
}
