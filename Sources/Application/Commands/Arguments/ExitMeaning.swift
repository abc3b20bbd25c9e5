import Platform

/// What each exit code says, for the help.
enum ExitMeaning {
    /// The kinds that a verb may end with, by exit code.
    static func kinds(of command: any Command) -> [FailureKind] {
        var every: [FailureKind] = [.failed, .usage, .interrupted, .terminated]
        if command.usesRepository { every.append(.policy) }
        return FailureKind.allCases.filter { every.contains($0) || command.failures.contains($0) }
            .sorted { $0.exitCode < $1.exitCode }
    }

    /// The kind in words.
    static func words(_ kind: FailureKind) -> String {
        switch kind {
        case .failed: "failed"
        case .usage: "wrong usage"
        case .incomplete: "done, but something could not be read or written; it is named"
        case .notRecovered: "the drill did not recover everything, or a required check failed"
        case .objectiveMissed: "the drill recovered everything, but an objective was missed, or the snapshot is stale"
        case .unverifiable: "the drill could not be tried or finished: nothing is proved"
        case .leftBehind: "something was left behind that must be cleaned"
        case .policy: "the policy file is wrong; file, line and column are named"
        case .refused: "refused by a guard: a target is not empty, too much would be removed"
        case .noRepository: "there is no repository"
        case .busy: "refused: somebody else works there exclusively"
        case .wrongKey: "wrong password or key"
        case .damaged: "the repository is damaged; the object is named"
        case .unreachable: "the store or the database cannot be reached"
        case .deadline: "a deadline passed"
        case .interrupted: "interrupted (Ctrl-C)"
        case .terminated: "terminated (SIGTERM)"
        }
    }
}
