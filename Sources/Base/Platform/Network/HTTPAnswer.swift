/// What a server answered.
package struct HTTPAnswer: Sendable, Equatable {
    /// The status: 200, 404, …
    package var status: Int
    /// The first bytes of its content.
    package var content: [UInt8]

    /// Whether the server did what was asked.
    package var isSuccess: Bool { (200..<300).contains(status) }
    /// Whether the same request may succeed later.
    package var mayBeRepeated: Bool { status >= 500 || status == 429 || status == 408 }
}
