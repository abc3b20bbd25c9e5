import DataSources
import Entries
import Platform
import Repositories
import Sealing

/// Writes entries of a snapshot into a directory: a walk makes directories, workers write files.
package final class RestoreRun: @unchecked Sendable {
    /// A file to be written, or a second name of one.
    struct Job: Sendable {
        var item: TreeEntry
        var directory: RestoreDirectory
        var isInTheWay: Bool
    }

    private struct LinkGroup: Hashable {
        var kind: Entry.Kind
        var device: UInt64
        var inode: UInt64
        var changed: Instant
        var size: UInt64
        /// The content too: two names may have been read at two times, within one tick of the file system's clock.
        var content: [UInt8]
    }

    private let repository: Repository
    private let index: ChunkIndex
    private let plan: RestorePlan
    private let cancellation: any Cancellation
    private let clock: any Clock
    private let counters: WorkCounters
    private let writer: FileTreeWriter
    private let ledger: RestoreLedger
    private let batches = BoundedQueue<[Job]>(capacity: 8)
    private let targetIsEmpty: Bool

    private var batch: [Job] = []
    private var batchBytes: UInt64 = 0
    private var batchFrame: UInt32?
    private var firstOfGroup: [LinkGroup: LinkTarget] = [:]
    private var waitingLinks: [(item: TreeEntry, directory: RestoreDirectory, first: LinkTarget)] = []

    /// A batch is what one worker writes at a time: the files of one frame, as far as possible.
    private static let batchFiles = 256
    private static let batchBytes: UInt64 = 4 << 20

    /// Prepares the target; nothing is written into it yet.
    ///
    /// Throws `.refused` when items are in the way and the plan does not allow to replace them.
    package init(
        _ repository: Repository, index: ChunkIndex, plan: RestorePlan, clock: any Clock = SystemClock(),
        cancellation: any Cancellation = NeverCancelled(), counters: WorkCounters = WorkCounters()
    ) throws {
        self.repository = repository
        self.index = index
        self.plan = plan
        ledger = RestoreLedger(target: plan.target)
        self.clock = clock
        self.cancellation = cancellation
        self.counters = counters
        let inspection = try TargetInspection(plan, repository: repository, index: index, cancellation: cancellation)
        targetIsEmpty = inspection.isEmpty
        if plan.overwrite == .never { try inspection.demandNothingInTheWay() }
        let options = FileWriteOptions(numericOwner: plan.numericOwner, replaces: plan.overwrite != .never)
        writer = try FileTreeWriter(root: plan.target, options: options, entry: plan.targetEntry)
    }

    /// Restores. Items that are damaged or cannot be written are in the outcome; what would stop all is thrown.
    package func run() throws -> RestoreOutcome {
        let begun = clock.monotonicSeconds()
        try ThreadScope.run { scope in
            scope.whenFailing { [batches] in batches.cut() }
            for _ in 0..<min(max(Host.processors, 2), 8) { scope.start("writer") { try self.work() } }
            let root = RestoreDirectory(writer.root, in: nil)
            try walk(from: root)
            try sendBatch()
            batches.close()
            rootDirectory = root
        }
        try writeLinks()
        try rootDirectory?.release(writer, ledger)
        try writer.complete()
        var outcome = ledger.current
        // Several threads told them in whatever order.
        outcome.missing.sort { $0.object < $1.object }
        outcome.fidelity = writer.fidelity
        outcome.seconds = clock.monotonicSeconds() - begun
        return outcome
    }

    private var rootDirectory: RestoreDirectory?

    // MARK: The walk

    /// A directory that is being walked. Levels are kept in an array: a tree may be deeper than any stack.
    private struct Level {
        var directory: RestoreDirectory
        var cursor: TreeCursor
    }

    private func walk(from root: RestoreDirectory) throws {
        let reader = ChunkReader(repository, index: index, keeping: 8)
        for item in plan.roots {
            var levels: [Level] = []
            if let level = try visit(item, in: root, reader) { levels.append(level) }
            while let level = levels.last {
                if let child = try next(level.cursor, in: level.directory) {
                    if let below = try visit(child, in: level.directory, reader) { levels.append(below) }
                } else {
                    levels.removeLast()
                    try level.directory.release(writer, ledger)
                }
            }
        }
    }

    /// Begins one entry; answers the level below when it is a directory.
    private func visit(_ item: TreeEntry, in directory: RestoreDirectory, _ reader: ChunkReader) throws -> Level? {
        try cancellation.check()
        let entry = item.entry
        if entry.kind == .directory { return try enter(item, in: directory, reader) }
        if entry.links > 1, let first = firstOfGroup[group(of: entry)] {
            directory.retain()
            waitingLinks.append((item, directory, first))
            return nil
        }
        if entry.links > 1 {
            firstOfGroup[group(of: entry)] = LinkTarget(directory: directory.target, name: entry.name)
        }
        if entry.kind == .file { try enqueue(item, in: directory) } else { try writeOther(item, in: directory) }
        return nil
    }

    private func enter(_ item: TreeEntry, in parent: RestoreDirectory, _ reader: ChunkReader) throws -> Level? {
        do {
            let cursor = try TreeCursor(item.content ?? .empty, reader: reader)
            let made = RestoreDirectory(try writer.enter(item.entry, in: parent.target), in: parent)
            ledger.count { $0.directories += 1 }
            return Level(directory: made, cursor: cursor)
        } catch {
            try ledger.miss(label(item.entry, in: parent), error)
            return nil
        }
    }

    /// The next entry; a damaged page ends its directory and is told.
    private func next(_ cursor: TreeCursor, in directory: RestoreDirectory) throws -> TreeEntry? {
        do { return try cursor.next() } catch {
            try ledger.miss(directory.label, error)
            return nil
        }
    }

    private func enqueue(_ item: TreeEntry, in directory: RestoreDirectory) throws {
        let isInTheWay: Bool
        do { isInTheWay = try !targetIsEmpty && writer.state(of: item.entry, in: directory.target) != .absent } catch {
            return try ledger.miss(label(item.entry, in: directory), error)
        }
        let frame = item.content?.items.first.flatMap { index.place(of: $0.id)?.frame }
        if frame != batchFrame, !batch.isEmpty { try sendBatch() }
        batchFrame = frame
        directory.retain()
        batch.append(Job(item: item, directory: directory, isInTheWay: isInTheWay))
        // What a snapshot claims may be any number; a batch is full long before the sum is.
        batchBytes += min(item.entry.size, Self.batchBytes)
        if batch.count >= Self.batchFiles || batchBytes >= Self.batchBytes { try sendBatch() }
    }

    private func sendBatch() throws {
        guard !batch.isEmpty else { return }
        let full = batch
        batch = []
        batchBytes = 0
        guard batches.push(full) else { throw Failure(.failed, "the restore was stopped by an earlier failure") }
    }

    private func writeOther(_ item: TreeEntry, in directory: RestoreDirectory) throws {
        do {
            if plan.overwrite != .always, !targetIsEmpty,
                try writer.state(of: item.entry, in: directory.target) == .same
            {
                // A run that was killed may have made it and not come to its owner and times.
                try writer.refresh(item.entry, in: directory.target)
                return ledger.count { $0.left += 1 }
            }
            try writer.add(item.entry, in: directory.target)
            ledger.count { $0.others += 1 }
        } catch { try ledger.miss(label(item.entry, in: directory), error) }
    }

    // MARK: The workers

    private func work() throws {
        let files = fileRestore()
        while let batch = batches.pop() {
            for job in batch {
                try cancellation.check()
                try write(job, files)
                try job.directory.release(writer, ledger)
            }
        }
        ledger.count { $0.bytesFetched += files.bytesFetched }
    }

    private func write(_ job: Job, _ files: FileRestore) throws {
        do {
            let written = try files.restore(job.item, in: job.directory.target, isInTheWay: job.isInTheWay)
            ledger.count { outcome in
                if written {
                    outcome.files += 1
                    outcome.bytes += job.item.entry.size
                } else {
                    outcome.left += 1
                }
            }
            counters.add(items: 1)
        } catch { try ledger.miss(label(job.item.entry, in: job.directory), error) }
    }

    private func fileRestore() -> FileRestore {
        FileRestore(
            repository, index: index, writer: writer, plan: plan, counters: counters, cancellation: cancellation)
    }

    // MARK: Hard links

    /// Gives files their further names, once every first one is there.
    private func writeLinks() throws {
        let files = fileRestore()
        for (item, directory, first) in waitingLinks {
            try cancellation.check()
            do {
                try writer.link(item.entry, in: directory.target, to: first)
                ledger.count { $0.links += 1 }
            } catch {
                // The first name may be missing, or the file system may know no links: then it is a file of its own.
                try writeAlone(item, in: directory, files)
            }
            try directory.release(writer, ledger)
        }
    }

    private func writeAlone(_ item: TreeEntry, in directory: RestoreDirectory, _ files: FileRestore) throws {
        guard item.entry.kind == .file else { return try writeOther(item, in: directory) }
        try write(Job(item: item, directory: directory, isInTheWay: true), files)
    }

    private func group(of entry: Entry) -> LinkGroup {
        LinkGroup(
            kind: entry.kind, device: entry.device, inode: entry.inode, changed: entry.changed, size: entry.size,
            content: entry.kind == .symlink ? entry.linkTarget : entry.digest)
    }

    private func label(_ entry: Entry, in directory: RestoreDirectory) -> String {
        directory.target.printablePath(of: entry.name)
    }
}
