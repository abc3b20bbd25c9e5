/// One object of a list.
package struct ListedObject: Sendable, Equatable {
    package var name: ObjectName
    package var length: UInt64

    /// Makes a listed object.
    package init(name: ObjectName, length: UInt64) {
        self.name = name
        self.length = length
    }
}
