/// One extended attribute: a name such as `user.origin` or `system.posix_acl_access`, and its value.
package struct ExtendedAttribute: Sendable, Hashable {
    package var name: [UInt8]
    package var value: [UInt8]

    /// Makes an attribute.
    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}
