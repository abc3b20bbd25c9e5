import Formats

/// What a drill does, step by step.
enum DrillStory {
    /// The steps in their order, numbered, then its limits.
    static func steps(_ policy: Policy) -> [String] {
        let drill = policy.drill
        var steps = [selection(drill.selection)]
        let user = drill.stagingUser.map { "; as root, servers run there as the user \($0)" } ?? ""
        steps.append("make a staging directory in \(drill.staging ?? "$TMPDIR, else /var/tmp")\(user)")
        steps += policy.sources.map { restore($0, drill) }
        steps += drill.start.map(start)
        steps.append("ask the questions below")
        if drill.provesChecks {
            steps.append(
                "damage the staging copy in each way that a check claims to notice, and fail when one does not notice")
        }
        let keeping =
            drill.keepOnFailureSeconds.map { "; after a drill that failed it stays for \(PolicyPromises.duration($0))" }
        steps.append("end every program, and remove the staging directory\(keeping ?? "")")
        let numbered = steps.enumerated().map { "\($0 + 1). \(capitalised($1))." }
        return numbered + limits(drill) + ["Production is never touched, and no socket is opened off the machine."]
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private static func selection(_ selection: DrillPolicy.Selection) -> String {
        switch selection {
        case .newest: "take the newest snapshot"
        case .random: "take any snapshot, by a seed that is told"
        case .leastRecentlyDrilled: "take the snapshot whose last drill is the oldest, one without any before all"
        case .at(let instant): "take the newest snapshot whose data is not younger than \(instant)"
        }
    }

    private static func restore(_ source: SourcePolicy, _ drill: DrillPolicy) -> String {
        switch source.adapter {
        case .files: return "restore the files of \(source.name) into it"
        case .postgres:
            let programs = drill.postgresBinaries.map { ", with the programs in \($0)" } ?? ""
            return "set up a throw-away PostgreSQL server there\(programs), and load \(source.name) into it"
        }
    }

    private static func start(_ program: ProcessPolicy) -> String {
        let begin = "start `\(program.argv.first ?? "")` as \(program.name) on what came back"
        guard let ready = program.ready else { return begin + ", and go on at once" }
        let question =
            switch ready.probe {
            case .http(let url, let status):
                "\(url) answers with \(status.map { "\($0)" } ?? "a status from 200 to 399")"
            case .command(let words): "`\(words.joined(separator: " "))` succeeds"
            }
        return "\(begin), and wait until \(question), \(PolicyPromises.duration(ready.withinSeconds)) at most"
    }

    private static func limits(_ drill: DrillPolicy) -> [String] {
        var limits: [String] = []
        if let seconds = drill.timeoutSeconds {
            limits.append("All of it, but for the cleaning up, may take \(PolicyPromises.duration(seconds)).")
        }
        for phase in DrillPolicy.PhaseKey.allCases {
            guard let seconds = drill.phaseTimeouts[phase] else { continue }
            limits.append("The phase \(phase.rawValue) may take \(PolicyPromises.duration(seconds)).")
        }
        if !limits.isEmpty { limits.append("A drill that runs into a deadline has shown nothing (exit code 6).") }
        return limits
    }
}
