import DataSources
import Entries
import Platform
import Repositories
import Sealing

/// Writes entries of a snapshot into a directory: a walk makes directories, workers write files.
package final class RestoreRun: @unchecked Sendable {
    private let repository: Repository
    private let index: ChunkIndex
    private let plan: RestorePlan
    private let cancellation: any Cancellation
    private let clock: any Clock
    private let counters: WorkCounters
    private let writer: FileTreeWriter
    private let ledger: RestoreLedger
    private let targetIsEmpty: Bool
    private let batches = BoundedQueue<[RestoreJob]>(capacity: 8)
    private let groups = LinkGroups()
    private var refreshes = false

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
        let survey = try TargetSurvey(plan, repository: repository, index: index, cancellation: cancellation)
        targetIsEmpty = try survey.targetIsEmpty()
        if plan.overwrite == .never, !targetIsEmpty {
            try survey.run(brief: true)
            try survey.demandNothingInTheWay()
        }
        let options = FileWriteOptions(
            numericOwner: plan.numericOwner, replaces: plan.overwrite != .never,
            removesDirectories: plan.deletes && plan.selection.excludesNothing)
        // Under `never` the target itself is changed only when this restore has made it, or begun to.
        let journal = RestoreArea.prefix + Array(plan.identity(in: repository).utf8)
        let isOurs = try plan.overwrite != .never || targetIsEmpty || survey.targetHolds(journal)
        writer = try FileTreeWriter(
            root: plan.target, options: options, entry: isOurs ? plan.targetEntry : nil)
    }

    /// Restores. Items that are damaged or cannot be written are in the outcome; what would stop all is thrown, and the
    /// next run goes on from there.
    package func run() throws -> RestoreOutcome {
        let begun = clock.monotonicSeconds()
        let isResumed = try writer.openArea(identity: plan.identity(in: repository), text: areaText)
        // What is there already is changed only when the plan says so, or when this restore has made it.
        refreshes = plan.overwrite != .never || isResumed
        let root = RestoreDirectory(
            writer.root, in: nil, extras: try extras(of: writer.root, isNew: targetIsEmpty, isChosen: true))
        do {
            try write(into: root)
        } catch {
            if ledger.current == RestoreOutcome() { try? writer.closeArea() }
            throw error
        }
        // A part of a file that could not be finished is for the next run; one that is damaged will never be.
        if ledger.current.missing.isEmpty || ledger.current.isDamaged {
            try writer.closeArea()
        } else {
            writer.abandonArea()
        }
        try root.release(writer, ledger)
        try writer.complete()
        var outcome = ledger.current
        outcome.isResumed = isResumed
        // Several threads told them in whatever order.
        outcome.missing.sort { $0.object < $1.object }
        outcome.fidelity = writer.fidelity
        outcome.seconds = clock.monotonicSeconds() - begun
        return outcome
    }

    private var areaText: String {
        """
        salvor writes here while it restores the snapshot \(plan.record.identifier) of the repository
        \(repository.identifier) into the directory above. When this restore has ended early, run the same
        command again: it goes on with what is here. Or remove this directory.

        """
    }

    private func write(into root: RestoreDirectory) throws {
        try ThreadScope.run { scope in
            scope.whenFailing { [batches] in batches.cut() }
            for _ in 0..<min(max(Host.processors, 2), 8) { scope.start("writer") { try self.work() } }
            let reader = ChunkReader(repository, index: index, keeping: 8)
            let visitor = Visitor(self)
            var walk = PlanWalk(plan, reader: reader, cancellation: cancellation, visitor: visitor)
            try walk.run(in: root)
            for finding in walk.unused { writer.note(finding.weight, finding.sentence, finding.object) }
            try visitor.finish()
            batches.close()
        }
    }

    private func push(_ full: [[RestoreJob]]) throws {
        for batch in full where !batches.push(batch) {
            throw Failure(.failed, "the restore was stopped by an earlier failure")
        }
    }

    private func label(_ entry: Entry, in directory: RestoreDirectory) -> String {
        directory.target.printablePath(of: entry.name)
    }

    // MARK: The walk

    /// What the walking thread does: directories and everything that has no bytes itself, files by jobs.
    private final class Visitor: PlanVisitor {
        private let run: RestoreRun
        private var window = JobWindow()

        init(_ run: RestoreRun) { self.run = run }

        func enter(_ item: TreeEntry, in place: RestoreDirectory, isChosen: Bool) throws -> RestoreDirectory? {
            do {
                let isNew = try run.targetIsEmpty || run.writer.state(of: item.entry, in: place.target) != .same
                // A directory on the way to what is chosen is nothing that was asked for, when it is there.
                let isLeft = !isNew && (!isChosen || !run.refreshes)
                let target = try run.writer.enter(item.entry, in: place.target, leavingAsItIs: isLeft)
                run.ledger.count { $0.directories += 1 }
                let extras = try run.extras(of: target, isNew: isNew, isChosen: isChosen)
                return RestoreDirectory(target, in: place, extras: extras)
            } catch {
                try run.ledger.miss(run.label(item.entry, in: place), error)
                return nil
            }
        }

        func visit(_ item: TreeEntry, in place: RestoreDirectory) throws {
            guard item.entry.links > 1 else { return try bring(item, in: place, nil) }
            switch run.groups.join(item, in: place) {
            case .first(let key): try bring(item, in: place, key)
            case .waiting: place.retain()
            case .link(let target):
                place.retain()
                try enqueue(item, in: place, .link(target), nil)
            }
        }

        func has(_ name: [UInt8], in place: RestoreDirectory) throws {
            try place.extras?.upTo(name) { try run.remove($0, in: place) }
        }

        func leave(_ place: RestoreDirectory, isWhole: Bool) throws {
            if isWhole { try place.extras?.rest { try run.remove($0, in: place) } }
            // The root is finished when all else is.
            if !place.isRoot { try place.release(run.writer, run.ledger) }
        }

        func isDamaged(_ place: RestoreDirectory, _ error: any Error) throws {
            try run.ledger.miss(place.label, error)
        }

        private func bring(_ item: TreeEntry, in place: RestoreDirectory, _ group: LinkGroups.Key?) throws {
            guard item.entry.kind == .file else {
                let isThere = try run.writeOther(item, in: place)
                guard let group else { return }
                return try run.finish(group, item, in: place, isThere: isThere)
            }
            place.retain()
            let isInTheWay: Bool
            do {
                isInTheWay = try !run.targetIsEmpty && run.writer.state(of: item.entry, in: place.target) != .absent
            } catch {
                try run.ledger.miss(run.label(item.entry, in: place), error)
                if let group { try run.finish(group, item, in: place, isThere: false) }
                return try place.release(run.writer, run.ledger)
            }
            try enqueue(item, in: place, .write(isInTheWay: isInTheWay), group)
        }

        private func enqueue(
            _ item: TreeEntry, in place: RestoreDirectory, _ way: RestoreJob.Way, _ group: LinkGroups.Key?
        ) throws {
            let frame = item.content?.items.first.flatMap { run.index.place(of: $0.id)?.frame } ?? 0
            try run.push(
                window.add(RestoreJob(item: item, directory: place, way: way, group: group, frame: frame)))
        }

        /// Hands out what is left.
        func finish() throws { try run.push(window.drain()) }
    }

    /// The names of a directory of which those that the snapshot does not have are to be removed.
    private func extras(of directory: TargetDirectory, isNew: Bool, isChosen: Bool) throws -> ExtraNames? {
        guard !isNew, isChosen, plan.removesExtras(at: directory.path.count),
            directory.sharesMount(with: writer.root)
        else { return nil }
        return ExtraNames(try directory.names())
    }

    private func remove(_ name: [UInt8], in directory: RestoreDirectory) throws {
        try cancellation.check()
        let target = directory.target
        do {
            switch try plan.extras(cancellation).verdict(name, in: target) {
            case .remove: break
            case .stay: return
            case .keep(let why):
                return writer.note(.notice, "is not removed: \(why)", target.printablePath(of: name))
            }
            try target.remove(name)
            ledger.count { $0.removed += 1 }
        } catch { try ledger.miss(target.printablePath(of: name), error) }
    }

    /// Makes or refreshes what has no bytes; answers whether it is there.
    private func writeOther(_ item: TreeEntry, in directory: RestoreDirectory) throws -> Bool {
        do {
            if plan.overwrite != .always, !targetIsEmpty,
                try writer.state(of: item.entry, in: directory.target) == .same
            {
                // A run that was killed may have made it and not come to its owner and times.
                if refreshes { try writer.refresh(item.entry, in: directory.target) }
                ledger.count { $0.left += 1 }
                return true
            }
            try writer.add(item.entry, in: directory.target)
            ledger.count { $0.others += 1 }
            return true
        } catch {
            try ledger.miss(label(item.entry, in: directory), error)
            return false
        }
    }

    // MARK: The workers

    private func work() throws {
        let files = FileRestore(
            repository, index: index, writer: writer, plan: plan, refreshes: refreshes, counters: counters,
            cancellation: cancellation)
        var tally = LoadTally(clock)
        while let batch = batches.pop() {
            tally.begin()
            for job in batch {
                try cancellation.check()
                switch job.way {
                case .write(let isInTheWay): try write(job, files, isInTheWay: isInTheWay)
                case .link(let target): try link(job.item, in: job.directory, to: target, files)
                }
                tally.add(job.item.entry.size, in: job.directory)
                try job.directory.release(writer, ledger)
            }
        }
        ledger.count {
            $0.bytesFetched += files.bytesFetched
            tally.merge(into: &$0)
        }
    }

    private func write(_ job: RestoreJob, _ files: FileRestore, isInTheWay: Bool) throws {
        let isThere = try write(job.item, in: job.directory, files, isInTheWay: isInTheWay)
        if let group = job.group { try finish(group, job.item, in: job.directory, isThere: isThere, files) }
    }

    /// Writes a file; answers whether it is there.
    private func write(
        _ item: TreeEntry, in directory: RestoreDirectory, _ files: FileRestore, isInTheWay: Bool
    ) throws -> Bool {
        do {
            let written = try files.restore(item, in: directory.target, isInTheWay: isInTheWay)
            ledger.count { outcome in
                if written {
                    outcome.files += 1
                    outcome.bytes += item.entry.size
                } else {
                    outcome.left += 1
                }
            }
            counters.add(items: 1)
            return true
        } catch {
            try ledger.miss(label(item.entry, in: directory), error)
            return false
        }
    }

    // MARK: Hard links

    /// The first name of a group is through: those that waited for it become links to it.
    private func finish(
        _ group: LinkGroups.Key, _ item: TreeEntry, in directory: RestoreDirectory, isThere: Bool,
        _ files: FileRestore? = nil
    ) throws {
        let target = isThere ? LinkTarget(directory: directory.target, name: item.entry.name) : nil
        for follower in groups.finished(group, target) {
            try link(follower.item, in: follower.directory, to: target, files)
            try follower.directory.release(writer, ledger)
        }
    }

    /// Gives a file a further name. Where the first one is missing, or the file system knows no links, it becomes a
    /// file of its own.
    private func link(
        _ item: TreeEntry, in directory: RestoreDirectory, to target: LinkTarget?, _ files: FileRestore?
    ) throws {
        if let target {
            do {
                try writer.link(item.entry, in: directory.target, to: target)
                return ledger.count { $0.links += 1 }
            } catch {
                let failure = Failure(error)
                writer.note(
                    .missing,
                    "the hard link with \(target.directory.printablePath(of: target.name)) cannot be made: "
                        + (failure.cause ?? failure.sentence), label(item.entry, in: directory))
            }
        }
        if item.entry.kind == .file, let files {
            _ = try write(item, in: directory, files, isInTheWay: true)
        } else {
            _ = try writeOther(item, in: directory)
        }
    }
}
