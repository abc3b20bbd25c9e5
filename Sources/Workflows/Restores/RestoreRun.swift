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
        var device: UInt64
        var inode: UInt64
        var changed: Instant
        var size: UInt64
        var kind: Entry.Kind
        var digest: [UInt8]
    }

    private let repository: Repository
    private let index: ChunkIndex
    private let plan: RestorePlan
    private let cancellation: any Cancellation
    private let clock: any Clock
    private let counters: WorkCounters
    private let writer: FileTreeWriter
    private let ledger = RestoreLedger()
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
            for item in plan.roots { try visit(item, in: root, reader: ChunkReader(repository, index: index, keeping: 8)) }
            try sendBatch()
            batches.close()
            rootDirectory = root
        }
        try writeLinks()
        try rootDirectory?.release(writer, ledger)
        try writer.complete()
        var outcome = ledger.current
        outcome.fidelity = writer.fidelity
        outcome.seconds = clock.monotonicSeconds() - begun
        return outcome
    }

    private var rootDirectory: RestoreDirectory?

    // MARK: The walk

    private func visit(_ item: TreeEntry, in directory: RestoreDirectory, reader: ChunkReader) throws {
        try cancellation.check()
        let entry = item.entry
        if entry.kind == .directory {
            try visitDirectory(item, in: directory, reader: reader)
        } else if entry.links > 1, let first = firstOfGroup[group(of: entry)] {
            directory.retain()
            waitingLinks.append((item, directory, first))
        } else {
            if entry.links > 1 {
                firstOfGroup[group(of: entry)] = LinkTarget(directory: directory.target, name: entry.name)
            }
            if entry.kind == .file { try enqueue(item, in: directory) } else { try writeOther(item, in: directory) }
        }
    }

    private func visitDirectory(_ item: TreeEntry, in parent: RestoreDirectory, reader: ChunkReader) throws {
        let made: RestoreDirectory
        let cursor: TreeCursor
        do {
            cursor = try TreeCursor(item.content ?? .empty, reader: reader)
            made = RestoreDirectory(try writer.enter(item.entry, in: parent.target), in: parent)
        } catch { return try ledger.miss(label(item.entry, in: parent), error) }
        ledger.count { $0.directories += 1 }
        while let child = try next(cursor, in: made) { try visit(child, in: made, reader: reader) }
        try made.release(writer, ledger)
    }

    /// The next entry; a damaged page ends its directory and is told.
    private func next(_ cursor: TreeCursor, in directory: RestoreDirectory) throws -> TreeEntry? {
        do { return try cursor.next() } catch {
            try ledger.miss(directory.target.path.map { printable($0) }.joined(separator: "/"), error)
            return nil
        }
    }

    private func enqueue(_ item: TreeEntry, in directory: RestoreDirectory) throws {
        let isInTheWay = try !targetIsEmpty && writer.state(of: item.entry, in: directory.target) != .absent
        let frame = item.content?.items.first.flatMap { index.place(of: $0.id)?.frame }
        if frame != batchFrame, !batch.isEmpty { try sendBatch() }
        batchFrame = frame
        directory.retain()
        batch.append(Job(item: item, directory: directory, isInTheWay: isInTheWay))
        batchBytes += item.entry.size
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
            if plan.overwrite != .always, !targetIsEmpty, try writer.state(of: item.entry, in: directory.target) == .same {
                return ledger.count { $0.left += 1 }
            }
            try writer.add(item.entry, in: directory.target)
            ledger.count { $0.others += 1 }
        } catch { try ledger.miss(label(item.entry, in: directory), error) }
    }

    // MARK: The workers

    private func work() throws {
        let files = FileRestore(repository, index: index, writer: writer, plan: plan, counters: counters)
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

    // MARK: Hard links

    /// Gives files their further names, once every first one is there.
    private func writeLinks() throws {
        let files = FileRestore(repository, index: index, writer: writer, plan: plan, counters: counters)
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
        LinkGroup(device: entry.device, inode: entry.inode, changed: entry.changed, size: entry.size, kind: entry.kind,
            digest: entry.digest)
    }

    private func label(_ entry: Entry, in directory: RestoreDirectory) -> String {
        directory.target.printablePath(of: entry.name)
    }
}
