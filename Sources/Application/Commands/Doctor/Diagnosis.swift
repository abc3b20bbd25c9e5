import Formats
import Platform

/// One thing that the doctor looked at: how it is, and what to do about it.
struct Diagnosis: Sendable, Equatable {
    /// How bad it is.
    enum Weight: String, Sendable {
        case ok
        case warning
        /// Something that salvor needs does not work: it decides the exit code.
        case problem
    }

    var weight: Weight
    /// What was looked at, in one word: `store`, `key`, `tool`.
    var topic: String
    var sentence: String
    /// What to do next; nil when all is well.
    var advice: String?
    /// The kind of a problem.
    var kind: FailureKind?

    /// All is well.
    static func ok(_ topic: String, _ sentence: String) -> Diagnosis {
        Diagnosis(weight: .ok, topic: topic, sentence: sentence)
    }

    /// Something may become a problem, or be one for some uses.
    static func warning(_ topic: String, _ sentence: String, _ advice: String?) -> Diagnosis {
        Diagnosis(weight: .warning, topic: topic, sentence: sentence, advice: advice)
    }

    /// Something does not work.
    static func problem(
        _ topic: String, _ kind: FailureKind, _ sentence: String, _ advice: String?
    ) -> Diagnosis {
        Diagnosis(weight: .problem, topic: topic, sentence: sentence, advice: advice, kind: kind)
    }

    /// A failure that was met while looking.
    static func problem(_ topic: String, _ failure: Failure) -> Diagnosis {
        problem(topic, failure.kind, failure.description, failure.hint)
    }

    /// The lines for people.
    var text: String {
        let mark = weight.rawValue + String(repeating: " ", count: 8 - weight.rawValue.count)
        let subject = topic + String(repeating: " ", count: max(1, 10 - topic.count))
        return mark + " " + subject + sentence
            + (advice.map { "\n" + String(repeating: " ", count: 19) + "→ " + $0 } ?? "")
    }

    /// The members of its JSON object.
    var json: [JSONValue.Member] {
        [
            .init("weight", .string(weight.rawValue)), .init("topic", .string(topic)),
            .init("sentence", .string(sentence)), .init("advice", JSONValue(advice)),
            .init("kind", JSONValue(kind?.rawValue)),
        ]
    }
}
