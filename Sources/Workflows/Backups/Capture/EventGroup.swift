import DataSources
import Entries
import Platform
import Repositories

/// Some events in the order of the walk, and the files among them that must be read. One reader works it off, one
/// assembler waits for that.
final class EventGroup: @unchecked Sendable {
    /// A file to be read.
    struct Job: Sendable {
        var entry: Entry
        var content: any ContentSource
        /// The names of the directories above it, from the source's root on; empty for the root itself.
        var above: [[UInt8]]
        /// Whether the parent snapshot had an entry of this name.
        var isKnown: Bool
        /// Whether it is the source itself.
        var isRoot: Bool

        /// Its path in the source, for findings.
        var label: String { CapturePath.label(above, entry.name) }
    }

    /// What a reader made of a file: the entry with its digest, and its chunks in order.
    struct Captured: Sendable {
        var entry: Entry
        var chunks: [PackDirectory.Chunk]
    }

    let events: [CaptureEvent]
    let jobs: [Job]
    let ledger: CaptureLedger
    let report: @Sendable (Finding) -> Void
    private let lock = Lock()
    private var results: [Captured?] = []
    private var isDone: Bool
    private var isCut = false

    init(events: [CaptureEvent], jobs: [Job], ledger: CaptureLedger, report: @escaping @Sendable (Finding) -> Void) {
        self.events = events
        self.jobs = jobs
        self.ledger = ledger
        self.report = report
        isDone = jobs.isEmpty
    }

    /// A reader is through; nil stands for a file that could not be read.
    func complete(_ results: [Captured?]) {
        lock.locked {
            self.results = results
            isDone = true
            lock.wakeAll()
        }
    }

    /// Ends all waiting: the run failed.
    func cut() {
        lock.locked {
            isCut = true
            lock.wakeAll()
        }
    }

    /// Waits for the reader; nil when the run failed.
    func wait() -> [Captured?]? {
        lock.locked {
            while !isDone && !isCut { lock.wait() }
            return isDone ? results : nil
        }
    }
}
