import Platform

/// Bytes from memory, a few at a time, and then their end, or a failure in its place.
package final class GivenInput: ByteInput, @unchecked Sendable {
    private let lock = Lock()
    private var rest: ArraySlice<UInt8>
    private let pieceBytes: Int
    private let failure: Failure?
    private var reads = 0

    /// Takes the bytes, and the failure that comes behind them.
    package init(_ bytes: [UInt8] = [], pieceBytes: Int = 64 << 10, failure: Failure? = nil) {
        rest = bytes[...]
        self.pieceBytes = pieceBytes
        self.failure = failure
    }

    /// How often somebody read.
    package var readings: Int { lock.locked { reads } }

    package func read(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int {
        try idle()
        let room = min(pieceBytes, buffer.room)
        let piece = lock.locked {
            reads += 1
            defer { rest = rest.dropFirst(room) }
            return Array(rest.prefix(room))
        }
        if piece.isEmpty, let failure { throw failure }
        buffer.append(piece.span)
        return piece.count
    }
}
