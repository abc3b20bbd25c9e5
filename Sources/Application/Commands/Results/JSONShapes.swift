import DataSources
import Formats
import Platform

/// The pieces that the JSON of several verbs shares.
enum JSONShapes {
    /// The schema of a verb's result: `salvor.backup/1`.
    static func schema(_ verb: String) -> JSONValue { .string("salvor.\(verb)/1") }

    /// A failure among the `problems`; all keys are always there.
    static func problem(_ failure: Failure) -> JSONValue {
        .object([
            .init("kind", .string(failure.kind.rawValue)),
            .init("exit", JSONValue(failure.kind.exitCode)),
            .init("message", .string(failure.sentence)),
            .init("cause", JSONValue(failure.cause)),
            .init("hint", JSONValue(failure.hint)),
        ])
    }

    /// A path twice: as text, and where the text loses something, as Base64 of its bytes; else null.
    static func path(_ bytes: [UInt8], key: String = "path") -> [JSONValue.Member] {
        if let text = String(validating: bytes, as: UTF8.self) {
            return [.init(key, .string(text)), .init(key + "Bytes", .null)]
        }
        return [
            .init(key, .string(String(decoding: bytes, as: UTF8.self))),
            .init(key + "Bytes", .string(Base64.string(bytes))),
        ]
    }

    /// The kinds among failures, each once, by weight: the first one decides the exit code.
    private static func kinds(_ failures: [Failure]) -> [JSONValue] {
        FailureKind.precedence.filter { kind in failures.contains { $0.kind == kind } }.map { .string($0.rawValue) }
    }

    /// A finding; all keys are always there.
    static func finding(_ finding: Finding) -> JSONValue {
        [
            "weight": .string(finding.weight.rawValue), "object": .string(finding.object),
            "sentence": .string(finding.sentence),
        ]
    }

    /// An instant as RFC 3339 in UTC.
    static func instant(_ instant: Instant) -> JSONValue {
        .string(Timestamp.string(seconds: instant.seconds, nanoseconds: instant.nanoseconds))
    }

    /// The last line of every verb: the common members, then the verb's own in the order in which they are
    /// documented, null where the run did not come far enough to know.
    static func result(verb: String, keys: [String], outcome: CommandOutcome) -> [JSONValue.Member] {
        let exit = CommandOutcome.exitCode(outcome.reasons)
        let common: [JSONValue.Member] = [
            .init("schema", schema(verb)),
            .init("exit", JSONValue(exit)),
            .init("reasons", .array(kinds(outcome.reasons))),
            .init("problems", .array(outcome.reasons.map(problem))),
        ]
        precondition(outcome.result.allSatisfy { keys.contains($0.key) }, "salvor \(verb) has an undocumented key")
        let own = keys.map { key in
            JSONValue.Member(key, outcome.result.first { $0.key == key }?.value ?? .null)
        }
        return common + own
    }
}
