/// Bytes that come one after the other and cannot be read again: standard input, a pipe, a list.
package protocol ByteInput: Sendable {
    /// Appends the next bytes to the free room of `buffer`, which has some; 0 is the end. While nothing comes, `idle`
    /// is called several times a second: it throws to stop the waiting.
    func read(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int
}
