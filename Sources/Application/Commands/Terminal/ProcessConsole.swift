import Platform

/// The console of this process.
final class ProcessConsole: Console {
    func write(_ bytes: [UInt8], to stream: StandardStream) throws(Failure) { try stream.write(bytes.span) }
    func width(of stream: StandardStream) -> Int? { stream.terminalWidth }
    var input: any ByteInput { StandardInput() }
    var inputIsTerminal: Bool { StandardInput.isTerminal }
    func readPassphrase(prompt: String) -> SecretBytes? { ControllingTerminal.readPassphrase(prompt: prompt) }
}
