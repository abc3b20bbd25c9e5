import Formats
import Platform

/// What a ping says in words. It goes to somebody else's server: which verb, how it ended, a few numbers, and the
/// system's name; no paths, no texts of databases, no hosts.
enum PingBody {
    /// Servers of the protocol keep 10 kB by default.
    static let bytesMax = 9000

    /// Members of a result that may be told, with what stands before and behind them.
    private static let told: [(key: [String], before: String, behind: String)] = [
        (["system"], "system ", ""),
        (["verdict"], "", ""),
        (["snapshot"], "snapshot ", ""),
        (["snapshot", "id"], "snapshot ", ""),
        (["dataTime"], "data of ", ""),
        (["measured", "recoverySeconds"], "measured recovery time ", " s"),
        (["measured", "dataLossSeconds"], "data-loss window ", " s"),
        (["bytesStored"], "stored ", " bytes"),
        (["snapshots"], "snapshots checked: ", ""),
        (["damages"], "damages: ", ""),
        (["durationSeconds"], "took ", " s"),
    ]

    /// The text: how it ended in the first line.
    static func text(verb: String, _ outcome: CommandOutcome) -> String {
        let exit = CommandOutcome.exitCode(outcome.reasons)
        let kinds = FailureKind.precedence.filter { kind in outcome.reasons.contains { $0.kind == kind } }
        var lines = ["salvor \(verb): " + (exit == 0 ? "done, all well" : "exit \(exit)")]
        lines += kinds.map { ExitMeaning.words($0) }
        let result = JSONValue.object(outcome.result)
        for (key, before, behind) in told {
            let value = key.reduce(JSONValue?.some(result)) { value, name in value?[name] }
            if let word = value.flatMap(word) { lines.append(before + word + behind) }
        }
        return capped(lines.joined(separator: "\n") + "\n")
    }

    private static func word(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .null, .object, .array: nil
        default: JSONWriter.string(value)
        }
    }

    private static func capped(_ text: String) -> String {
        text.utf8.count <= bytesMax ? text : String(decoding: text.utf8.prefix(bytesMax - 3), as: UTF8.self)
    }
}
