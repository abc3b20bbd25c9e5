/// POSIX ACLs as the kernel keeps them: version 2, then tag, permissions and number of each entry, little-endian.
package enum AccessList {
    /// `u::rw-,u:1234:r--,g::r--,g:99:rwx,m::rwx,o::---`
    package static let access = encode([
        (0x01, 6, nil), (0x02, 4, 1234), (0x04, 4, nil), (0x08, 7, 99), (0x10, 7, nil), (0x20, 0, nil),
    ])
    /// `u::rwx,u:1234:rwx,g::r-x,m::rwx,o::---`
    package static let standard = encode([
        (0x01, 7, nil), (0x02, 7, 1234), (0x04, 5, nil), (0x10, 7, nil), (0x20, 0, nil),
    ])

    private static func encode(_ entries: [(UInt16, UInt16, UInt32?)]) -> [UInt8] {
        var bytes: [UInt8] = [2, 0, 0, 0]
        for (tag, permissions, number) in entries {
            let value = number ?? .max
            bytes += [UInt8(tag & 255), UInt8(tag >> 8), UInt8(permissions), 0]
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        return bytes
    }
}
