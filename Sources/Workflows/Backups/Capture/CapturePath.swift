import Platform

/// Paths of captured items as findings name them.
enum CapturePath {
    /// The path from the source's root.
    static func label(_ above: [[UInt8]], _ name: [UInt8]) -> String {
        printable(Array((above + [name]).joined(separator: [UInt8(ascii: "/")])))
    }
}
