import DataSources
import Entries
import Platform
import Repositories

/// Takes one source's entries from its adapter, compares them with the parent's, and sends them down the pipeline.
final class SourceSink: CaptureSink, @unchecked Sendable {
    private let pipeline: CapturePipeline
    private let name: [UInt8]
    private let parent: ParentTree
    let ledger = CaptureLedger()
    private let lock = Lock()
    private var noted: [Finding] = []

    private var events: [CaptureEvent] = []
    private var jobs: [EventGroup.Job] = []
    private var batchBytes: UInt64 = 0
    private var directories = 0
    /// The directories entered, without the root.
    private var path: [[UInt8]] = []
    private var depth = 0
    private var matched: (name: [UInt8], entry: TreeEntry?)?
    private var hasRoot = false
    private var rootIsDirectory = false

    init(_ pipeline: CapturePipeline, name: String, parent: ParentTree) {
        self.pipeline = pipeline
        self.name = Array(name.utf8)
        self.parent = parent
    }

    /// What was reported so far.
    var findings: [Finding] { lock.locked { noted } }

    func root(_ entry: Entry, content: (any ContentSource)?, order: ChildOrder) throws {
        precondition(!hasRoot, "an adapter gave two roots")
        hasRoot = true
        var named = entry
        named.name = name
        if entry.kind == .directory {
            rootIsDirectory = true
            try begin(named, order: order, parent.matchRoot())
        } else if let old = parent.matchRoot(), try parent.isUnchanged(entry, old) {
            takeOver(old)
        } else if let content {
            add(named, RenamedContent(content: content, name: name), isKnown: parent.matchRoot() != nil, isRoot: true)
        } else {
            precondition(entry.kind != .file, "an adapter gave a file without content")
            ledger.count { $0.others += 1 }
            events.append(.entry(TreeEntry(entry: named, content: nil, isSettled: isSettled(named))))
        }
    }

    func takesOver(_ entry: Entry) throws -> Bool {
        let old = try match(entry.name)
        guard entry.kind != .directory, let old, try parent.isUnchanged(entry, old) else { return false }
        takeOver(old)
        try sendIfFull()
        return true
    }

    private func takeOver(_ old: TreeEntry) {
        ledger.count { counts in
            if old.entry.kind == .file {
                counts.files += 1
                counts.unchangedFiles += 1
                counts.bytes += old.entry.size
            } else {
                counts.others += 1
            }
        }
        pipeline.counters.add(items: 1)
        events.append(.known(old))
    }

    /// The parent's entry of a name; asked twice for the same entry it answers from memory.
    private func match(_ name: [UInt8]) throws -> TreeEntry? {
        if let matched, matched.name == name { return matched.entry }
        let entry = try parent.match(name)
        matched = (name, entry)
        return entry
    }

    func add(_ entry: Entry, content: (any ContentSource)?) throws {
        if let content {
            add(entry, content, isKnown: try match(entry.name) != nil, isRoot: false)
        } else {
            precondition(entry.kind != .file, "an adapter gave a file without content")
            ledger.count { $0.others += 1 }
            events.append(.entry(TreeEntry(entry: entry, content: nil, isSettled: isSettled(entry))))
        }
        try sendIfFull()
    }

    private func add(_ entry: Entry, _ content: any ContentSource, isKnown: Bool, isRoot: Bool) {
        events.append(.pending(jobs.count))
        jobs.append(EventGroup.Job(entry: entry, content: content, above: path, isKnown: isKnown, isRoot: isRoot))
        // A sparse file may claim any size; a batch is full long before the sum is.
        batchBytes += min(entry.size, PipelineLimits.batchBytes)
    }

    func enter(_ directory: Entry, order: ChildOrder) throws {
        try begin(directory, order: order, try match(directory.name))
        try sendIfFull()
    }

    private func begin(_ directory: Entry, order: ChildOrder, _ old: TreeEntry?) throws {
        ledger.count { $0.directories += 1 }
        if depth > 0 { path.append(directory.name) }
        depth += 1
        try parent.enter(old, order: order)
        matched = nil
        directories += 1
        events.append(.enter(directory, order))
    }

    func parentBytes(of name: [UInt8]) throws -> [UInt8]? { try parent.bytes(of: name) }

    func leave() throws {
        precondition(depth > 0, "an adapter left a directory that it had not entered")
        depth -= 1
        if depth > 0 { path.removeLast() }
        parent.leave()
        matched = nil
        events.append(.leave)
        try sendIfFull()
    }

    func settle() throws {
        try send()
        try pipeline.settle()
    }

    func hold(_ view: HeldView) { pipeline.plan.whenHeld?(String(decoding: name, as: UTF8.self), view) }

    func report(_ finding: Finding) { lock.locked { noted.append(finding) } }

    func checkCancellation() throws { try pipeline.check() }

    /// Ends the source: its root directory is left, and everything is on its way.
    func finish() throws {
        guard hasRoot else { throw Failure(.failed, "the source \(printable(name)) gave nothing at all") }
        if rootIsDirectory { try leave() }
        precondition(depth == 0, "an adapter did not leave every directory")
        try send()
    }

    private func isSettled(_ entry: Entry) -> Bool {
        !entry.isIncomplete && pipeline.runStart.seconds(since: entry.changed) >= PipelineLimits.settlingSeconds
    }

    private func sendIfFull() throws {
        if batchBytes >= PipelineLimits.batchBytes || jobs.count >= PipelineLimits.batchFiles
            || events.count >= PipelineLimits.groupEvents
            || directories >= PipelineLimits.batchDirectories && !jobs.isEmpty
        {
            try send()
        }
    }

    private func send() throws {
        guard !events.isEmpty else { return }
        let group = EventGroup(events: events, jobs: jobs, ledger: ledger) { [weak self] in self?.report($0) }
        events = []
        jobs = []
        batchBytes = 0
        directories = 0
        try pipeline.submit(group)
    }
}
