import Platform

/// A store that knows when an object was made, by the clock of whoever keeps it.
package protocol DatedStore: ObjectStore {
    /// When the object was made.
    func made(_ name: ObjectName) throws -> Instant
}
