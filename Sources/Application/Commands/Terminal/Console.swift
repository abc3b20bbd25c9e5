import Platform

/// The streams and the terminal of the process, so that a test can own them. Any thread may call.
protocol Console: AnyObject, Sendable {
    /// Writes all bytes; a reader that went away is a failure whose `systemError` is EPIPE.
    func write(_ bytes: [UInt8], to stream: StandardStream) throws(Failure)
    /// Columns of the terminal behind a stream; nil when it is none.
    func width(of stream: StandardStream) -> Int?
    /// What the process was given to read.
    var input: any ByteInput { get }
    /// Whether a person sits at the other end of it.
    var inputIsTerminal: Bool { get }
    /// Asks for a line that is not shown; nil when there is no terminal.
    func readPassphrase(prompt: String) -> SecretBytes?
}
