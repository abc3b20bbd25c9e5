import Storage

/// A pack as an index knows it.
package struct PackInfo: Sendable, Equatable {
    /// SHA-256 of the object.
    package var id: [UInt8]
    /// Bytes of the object.
    package var length: UInt64
    package var kind: ObjectKind
    package var epoch: UInt32
    package var salt: [UInt8]

    /// The object's name.
    package var name: ObjectName { ObjectName(pack: id) }
    /// The header that the pack begins with, which follows from what is known of it.
    var header: ObjectHeader { ObjectHeader(kind, epoch: epoch, salt: salt) }
}
