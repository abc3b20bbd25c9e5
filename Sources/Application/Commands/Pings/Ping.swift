import Formats
import Platform

/// What a run tells a server that watches timers (the protocol of healthchecks.io): it begins; it ended, and how.
///
/// A ping that does not arrive is a warning: the run goes on, and its exit code is its own. Used by one thread.
final class Ping {
    private let address: WebAddress
    private let context: CommandContext
    /// Pairs the end with the beginning, also where two runs overlap.
    private let run: String
    private var started = false
    private var ended = false
    private var problem: String?

    private static let attempts = 3
    private static let secondsPerAttempt = 10.0
    /// No further attempt begins so long after the first one: a server that hangs costs 20 seconds, no more.
    private static let secondsToRepeat = 15.0

    /// What the verb is asked to tell; nil when it has no such option, none is given, or nothing is done in earnest.
    init?(for command: any Command, _ context: CommandContext) throws(Failure) {
        guard PingOption.isTaken(by: command), let address = try PingOption.address(context.arguments),
            !context.arguments.isOn(BackupCommand.dryRun)
        else { return nil }
        self.address = address
        self.context = context
        run = Self.identifier(SystemRandomness())
    }

    /// Says that the run begins; given up when somebody stops the run.
    func begin() {
        started = deliver("start", Array("the run begins\n".utf8), cancellation: context.cancellation)
    }

    /// Says how the run ended, also when somebody stopped it.
    func end(_ outcome: CommandOutcome, verb: String) {
        let exit = CommandOutcome.exitCode(outcome.reasons)
        let body = PingBody.text(verb: verb, outcome)
        ended = deliver(exit == 0 ? nil : String(exit), Array(body.utf8), cancellation: NeverCancelled())
    }

    /// What the result tells of it.
    var json: JSONValue {
        [
            "host": .string(address.host), "started": .bool(started), "ended": .bool(ended),
            "problem": JSONValue(problem),
        ]
    }

    private func deliver(_ part: String?, _ body: [UInt8], cancellation: any Cancellation) -> Bool {
        do {
            try send(address.with(part: part, parameter: "rid=" + run), body, cancellation)
            return true
        } catch {
            let failure = Failure(error)
            // A run that is being stopped says so itself.
            guard ![.interrupted, .terminated].contains(failure.kind) else { return false }
            problem = failure.description
            let hint = failure.hint.map { "\n  hint: \($0)" } ?? ""
            context.output.warn("the ping was not delivered: \(failure.description)\(hint)")
            return false
        }
    }

    private func send(_ address: String, _ body: [UInt8], _ cancellation: any Cancellation) throws {
        let client = try HTTPClient(agent: VersionCommand.tool.replacing(" ", with: "/"))
        let clock = SystemClock()
        let begin = clock.monotonicSeconds()
        for attempt in 1... {
            let isLast = attempt == Self.attempts || clock.monotonicSeconds() > begin + Self.secondsToRepeat
            var answer: HTTPAnswer?
            do {
                answer = try client.post(
                    body, to: address, shownAs: self.address.host, seconds: Self.secondsPerAttempt,
                    cancellation: cancellation)
            } catch let failure as Failure where failure.kind == .unreachable && !isLast {}
            if let answer, isLast || !answer.mayBeRepeated { return try check(answer) }
            Pause.sleep(seconds: Double(attempt))
        }
    }

    /// A server of the protocol answers 200 also to an address that it does not know, and says so in the text.
    private func check(_ answer: HTTPAnswer) throws {
        let text = String(decoding: answer.content, as: UTF8.self)
        guard answer.isSuccess else {
            throw Failure(.unreachable, "\(address.host) answered a ping with status \(answer.status)")
        }
        guard !text.contains("not found") else {
            throw Failure(
                .unreachable, "\(address.host) knows no check of that address",
                hint: "compare the address with the one that the server shows")
        }
    }

    /// A random UUID, version 4.
    private static func identifier(_ randomness: any Randomness) -> String {
        var bytes = randomness.bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Hexadecimal.string(bytes)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
