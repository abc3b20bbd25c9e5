/// How a frame or a document is compressed. The numbers are those of the repository format.
package enum Codec: UInt8, Sendable, CaseIterable {
    case stored = 0
    case zlib = 1
    case zstandard = 2
}
