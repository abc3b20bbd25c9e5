/// How a system is proved.
package struct DrillPolicy: Sendable, Equatable {
    /// The directory that staging is made in; nil for `$TMPDIR`, else `/var/tmp`.
    package var staging: String?
    /// As root: the user that servers run as.
    package var stagingUser: String?
    /// The longest time that the whole drill may take, teardown apart; nil for no limit. Seconds.
    package var timeoutSeconds: Double?
    /// The longest time that one phase may take, by the phase's key in the file; seconds.
    package var phaseTimeouts: [PhaseKey: Double] = [:]
    /// How long staging stays after a drill that failed; nil when it is removed at once. Seconds.
    package var keepOnFailureSeconds: Double?
    /// How many threads restore; nil for as many as there are processors.
    package var jobs: Int?
    package var selection = Selection.newest
    /// Whether the checks are proved, after they have passed, by damaging the staging copy.
    package var provesChecks = false
    /// The directory of the server's programs, in which `{major}` stands for the server's major version; nil to look.
    package var postgresBinaries: String?
    /// In the order in which they are started.
    package var start: [ProcessPolicy] = []
    /// Beside the ones that every source brings.
    package var checks: [CheckPolicy] = []

    /// The snapshot that a drill takes.
    package enum Selection: Sendable, Equatable {
        case newest
        /// Any one, by a seed that is printed.
        case random
        /// The one whose last drill is the oldest; never drilled is older than that.
        case leastRecentlyDrilled
        /// The newest whose data is not younger than this instant, RFC 3339.
        case at(String)
    }

    /// A phase by its key in `drill.timeouts`.
    package enum PhaseKey: String, Sendable, CaseIterable {
        case access, provision, locate, load, engineRecovery, start, prove, audit
    }

    /// Proves what every drill proves.
    package init() {}

    /// Whether the policy makes a check that sources bring gating: what it says for that source, else for all; nil when
    /// it says nothing.
    package func isGating(_ type: String, source: String) -> Bool? {
        func said(_ wanted: String?) -> Bool? {
            checks.last { $0.kind == .brought(type: type, source: wanted) }?.isGating
        }
        return said(source) ?? said(nil)
    }
}
