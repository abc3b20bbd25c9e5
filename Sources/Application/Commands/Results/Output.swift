import DataSources
import Formats
import Platform

/// What a run says: its result on standard output, everything else on standard error. Any thread may call.
///
/// A reader of standard output that goes away is no failure: what follows is dropped, and `isClosed` says so, for verbs
/// that have nothing to do but to write.
final class Output: @unchecked Sendable {
    /// Whether the result is JSON.
    let isJSON: Bool
    /// Whether summaries and progress stay away.
    let isQuiet: Bool
    /// The progress line, which steps aside for every message.
    let progress: ProgressLine

    private let console: any Console
    private let lock = Lock()
    private var pending: [UInt8] = []
    private var closed = false
    private var failure: Failure?
    private let onTerminal: Bool
    private static let pendingBytesMax = 1 << 16
    private static let findingsMax = 100
    private static let brokenPipe: Int32 = 32

    /// Writes to `console`.
    init(console: any Console, clock: any Clock, isJSON: Bool, isQuiet: Bool) {
        self.console = console
        self.isJSON = isJSON
        self.isQuiet = isQuiet
        progress = ProgressLine(console: console, clock: clock, enabled: !isQuiet)
        onTerminal = console.width(of: .output) != nil
    }

    /// Whether the reader of standard output went away.
    var isClosed: Bool { lock.locked { closed } }

    /// A line of the result for people; nothing under `--json`.
    func line(_ text: String) throws(Failure) {
        if !isJSON { try bytes(Array((text + "\n").utf8).span) }
    }

    /// A line of a summary for people: not under `--json`, not under `--quiet`.
    func summary(_ text: String) throws(Failure) {
        if !isQuiet { try line(text) }
    }

    /// Some of `count` items, for people: what is done with each, and how many more there are.
    func list(_ action: String, _ named: [String], of count: Int) throws(Failure) {
        for name in named { try summary("\(action) \(name)") }
        if count > named.count { try summary("\(action) \(Quantity.count(count - named.count, "more item"))") }
    }

    /// An object of the result under `--json`, else nothing; `type` is its first member.
    func record(_ type: String, _ members: [JSONValue.Member]) throws(Failure) {
        guard isJSON else { return }
        try bytes((JSONWriter.bytes(.object([.init("type", .string(type))] + members)) + [UInt8(ascii: "\n")]).span)
    }

    /// Bytes as they are: the content of a file. Throws when they cannot be written, but not when nobody reads.
    func bytes(_ bytes: Span<UInt8>) throws(Failure) {
        let full: Bool = lock.locked {
            if !closed { pending.append(bytes) }
            return pending.count >= Self.pendingBytesMax
        }
        if full || onTerminal { try flush() }
    }

    /// Writes out what is held back.
    func flush() throws(Failure) {
        if onTerminal { progress.hide() }
        try lock.locked { () throws(Failure) in
            if let failure { throw failure }
            guard !pending.isEmpty, !closed else { return }
            let bytes = pending
            pending.removeAll(keepingCapacity: true)
            do throws(Failure) { try console.write(bytes, to: .output) } catch {
                closed = true
                guard error.systemError != Self.brokenPipe else { return }
                failure = error
                throw error
            }
        }
    }

    /// Something that a person should know, on standard error; not under `--quiet`.
    func note(_ text: String) {
        if !isQuiet { complain(text) }
    }

    /// Something that may be wrong, on standard error.
    func warn(_ text: String) { complain("salvor: warning: \(text)") }

    /// An object that something is wrong with, on standard error.
    func finding(_ object: String, _ sentence: String) { complain("\(object): \(sentence)") }

    /// Findings in order, on standard error; notices not under `--quiet`. A wreck is not told object by object: after
    /// the first hundred comes their number, and JSON has all of them.
    func findings(_ findings: [Finding]) {
        let told = findings.filter { $0.weight == .missing || !isQuiet }
        for finding in told.prefix(Self.findingsMax) { complain("\(finding.object): \(finding.sentence)") }
        if told.count > Self.findingsMax {
            complain("… and \(Quantity.count(told.count - Self.findingsMax)) more: --json names all")
        }
    }

    /// What went wrong, on standard error: the sentence with its cause, and below it what to do.
    func failure(_ failure: Failure) {
        complain("salvor: \(failure.description)" + (failure.hint.map { "\n  hint: \($0)" } ?? ""))
    }

    /// Nobody can be told when standard error does not take it.
    private func complain(_ text: String) {
        try? flush()
        progress.hide()
        try? console.write(Array((text + "\n").utf8), to: .errors)
    }
}
