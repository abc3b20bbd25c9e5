import Formats
import Platform

/// What a drill (or a backup, a check) has to tell, in neutral words: renderers know this and no workflow.
package struct Report: Sendable, Equatable {
    /// `drill`, `check`, …
    package var kind: String
    /// The system that was drilled.
    package var system: String
    /// The one word that people read first: `recovered`, `degraded`, `unrecoverable`, `unverifiable`, `stale`.
    package var verdict: String
    /// The verdict in a sentence.
    package var summary: String
    package var exitCode: Int32
    /// The kinds of failure that the exit code stands for, the decisive one first; empty when all is well.
    package var reasons: [String]
    /// `L5 equal`: how far the proof went.
    package var evidenceLevel: String?
    package var identifier: String
    package var started: Instant
    package var ended: Instant
    /// The policy that the drill followed; nil when there was none.
    package var policy: PolicyMark?
    /// The snapshot that was drilled.
    package var snapshot: SnapshotMark?
    /// By which rule the snapshot was chosen: `the newest`, `at random, seed 42`.
    package var selection: String
    /// Facts in the order in which they are shown: tool, host, snapshot, staging, server version …
    package var conditions: [Fact]
    /// Seconds from "a repository and a key" to the last gating check.
    package var measuredRecoverySeconds: Double?
    /// Seconds between the snapshot's data time and the start of the drill.
    package var dataLossWindowSeconds: Double?
    /// What was promised, and whether it was kept.
    package var objectives: Objectives
    package var phases: [Phase]
    package var checks: [Check]
    /// How the checks themselves were proved, by damaging what had passed them; empty when they were not.
    package var proofs: [Proof]
    /// What was brought back, source by source.
    package var sources: [SourceMark]
    package var findings: [Remark]
    /// What this report does not show, in sentences.
    package var notTested: [String]
    /// The biggest items by time, such as tables by load time.
    package var largest: [Measure]
    /// What a person may do about it, the most useful first.
    package var remedies: [Remedy]
    /// What could not be removed afterwards and must be, by hand.
    package var leftovers: [String]
    /// How staging ended, in a sentence.
    package var teardown: String
    /// The SHA-256 of the report before this one in the repository, 64 hexadecimal digits; nil for the first.
    package var previous: String?

    /// A name and what it is.
    package struct Fact: Sendable, Equatable {
        package var key: String
        package var label: String
        package var value: String

        /// Makes a fact; `key` is its name in JSON.
        package init(_ key: String, _ label: String, _ value: String) {
            self.key = key
            self.label = label
            self.value = value
        }
    }

    /// A stretch of the recovery with its own clock.
    package struct Phase: Sendable, Equatable {
        package var name: String
        /// Exclusive share of the measured recovery time, seconds; the shares add up to it.
        package var shareSeconds: Double
        /// Whether the phase counts in the measured recovery time.
        package var counted: Bool
        /// How many bytes were moved in it, where that says something.
        package var bytes: UInt64?
        package var note: String

        /// Makes a phase.
        package init(_ name: String, shareSeconds: Double, counted: Bool, bytes: UInt64? = nil, note: String = "") {
            self.name = name
            self.shareSeconds = shareSeconds
            self.counted = counted
            self.bytes = bytes
            self.note = note
        }
    }

    /// One question to what came back, and its answer.
    package struct Check: Sendable, Equatable {
        /// How a check ended.
        package enum Result: String, Sendable {
            case passed
            case failed
            case notRun
        }

        package var identifier: String
        /// What sort of question it is: `postgres.rowCounts`, `sql`; the identifier where the check has no other name.
        package var type: String
        package var source: String
        package var result: Result
        package var gating: Bool
        package var seconds: Double
        /// The answer in a sentence.
        package var detail: String
        /// What the source's manifest promised, such as `12 tables, 48,120 rows`; empty when there is nothing to
        /// compare.
        package var expected: String
        /// Where the expected value comes from: `the source's manifest`, `the policy`, `the engine`.
        package var origin: String
        /// What was found instead, or the same.
        package var actual: String
        /// The objects that differ, at most 100 of them.
        package var differing: [String]
        /// How many objects were compared.
        package var compared: UInt64

        /// The name with the source that it is about, where it is about one.
        package var whole: String { source.isEmpty ? identifier : "\(identifier) of \(source)" }

        /// Makes a check.
        package init(
            _ identifier: String, source: String, result: Result, gating: Bool, seconds: Double, detail: String,
            type: String? = nil, expected: String = "", origin: String = "", actual: String = "",
            differing: [String] = [], compared: UInt64 = 0
        ) {
            self.identifier = identifier
            self.type = type ?? identifier
            self.origin = origin
            self.source = source
            self.result = result
            self.gating = gating
            self.seconds = seconds
            self.detail = detail
            self.expected = expected
            self.actual = actual
            self.differing = differing
            self.compared = compared
        }
    }

    /// Something worth knowing about one object.
    package struct Remark: Sendable, Equatable {
        package var object: String
        package var sentence: String

        /// Makes a remark.
        package init(_ object: String, _ sentence: String) {
            self.object = object
            self.sentence = sentence
        }
    }

    /// A named amount of time and bytes.
    package struct Measure: Sendable, Equatable {
        package var name: String
        package var seconds: Double
        package var bytes: UInt64

        /// Makes a measure.
        package init(_ name: String, seconds: Double, bytes: UInt64) {
            self.name = name
            self.seconds = seconds
            self.bytes = bytes
        }
    }

    /// Makes an empty report.
    package init(kind: String, system: String, identifier: String, started: Instant) {
        self.kind = kind
        self.system = system
        self.identifier = identifier
        self.started = started
        ended = started
        verdict = ""
        summary = ""
        exitCode = 0
        reasons = []
        conditions = []
        selection = ""
        objectives = Objectives()
        phases = []
        checks = []
        proofs = []
        sources = []
        findings = []
        notTested = []
        largest = []
        remedies = []
        leftovers = []
        teardown = ""
    }
}
