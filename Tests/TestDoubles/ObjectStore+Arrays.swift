import Storage

extension ObjectStore {
    /// Creates an object from an array.
    package func create(_ name: ObjectName, _ bytes: [UInt8]) throws -> CreateAnswer { try create(name, bytes.span) }
}

extension PendingObject {
    /// Appends an array.
    package func append(_ bytes: [UInt8]) throws { try append(bytes.span) }
}
