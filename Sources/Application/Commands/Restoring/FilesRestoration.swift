import DataSources
import Entries
import Formats
import Platform
import Repositories
import Restores

/// Brings entries of a snapshot back into directories.
struct FilesRestoration {
    let request: RestoreRequest
    let repository: Repository
    let record: SnapshotRecord
    let index: ChunkIndex
    let context: CommandContext

    /// Does it, or with a dry run tells what it would do.
    func run() throws -> CommandOutcome {
        let plans = try self.plans()
        guard !request.dryRun else { return try preview(plans) }
        let counters = WorkCounters()
        let outcome = try ProgressWatch.run(context.output, "restoring", items: "files", counters) {
            // Every target is looked at before the first one is written to.
            let runs = try plans.map { plan in
                try RestoreRun(
                    repository, index: index, plan: plan, clock: context.clock, cancellation: context.cancellation,
                    counters: counters)
            }
            return try runs.reduce(RestoreOutcome()) { total, run in Self.sum(total, try run.run()) }
        }
        return try tell(outcome, plans)
    }

    // MARK: What goes where

    private func plans() throws -> [RestorePlan] {
        var plans =
            switch request.place {
            case .directory(let target): [try plan(into: target)]
            case .original: try sources().map { try originalPlan($0, request.item.path) }
            case .server: preconditionFailure("a server takes no files")
            }
        guard request.deletes else { return plans }
        let guarding = DeletionGuard(context: context)
        for source in record.sources where request.item.source == nil || request.item.source == source.name {
            let tree = try SnapshotTree(repository, index: index, record: record, source: source.name)
            try guarding.demandWhole(source, tree)
        }
        let protected = try guarding.protected()
        for index in plans.indices { plans[index].protected = protected }
        return plans
    }

    private func plan(into target: [UInt8]) throws -> RestorePlan {
        guard let source = request.item.source else {
            return chosen(
                RestorePlan.whole(
                    record, target: target, overwrite: request.overwrite, numericOwner: request.numericOwner))
        }
        return chosen(
            try RestorePlan.item(
                record, source: source, path: request.item.path, repository: repository, index: index, target: target,
                overwrite: request.overwrite, numericOwner: request.numericOwner))
    }

    /// The plan with what the request says about which entries are restored and what is removed.
    private func chosen(_ plan: RestorePlan) -> RestorePlan {
        var plan = plan
        plan.selection = request.selection
        plan.deletes = request.deletes
        return plan
    }

    /// The sources that go back to where they were; of a whole snapshot those that have a place.
    private func sources() throws -> [SnapshotRecord.Source] {
        if let name = request.item.source {
            guard let source = record.sources.first(where: { $0.name == name }) else {
                throw Failure(
                    .usage, "the snapshot \(record.shortIdentifier) has no source `\(name)`",
                    hint: "it has \(record.sources.map(\.name).joined(separator: ", "))")
            }
            return [source]
        }
        for source in record.sources where source.adapter != FilesAdapter.name {
            context.output.warn("\(source.name) is no files (\(source.adapter)): it is not restored")
        }
        return record.sources.filter { $0.adapter == FilesAdapter.name }
    }

    /// A directory becomes again what it was, itself too; a single file gets its old name back.
    private func originalPlan(_ source: SnapshotRecord.Source, _ item: [[UInt8]]) throws -> RestorePlan {
        let path = try OriginalPlace.path(of: source, item)
        let tree = try SnapshotTree(repository, index: index, record: record, source: source.name)
        let entry = try tree.entry(at: item).entry
        let isDirectory = entry.kind == .directory
        let place = OriginalPlace.split(path)
        var plan = chosen(
            try RestorePlan.item(
                record, source: source.name, path: item, repository: repository, index: index,
                target: isDirectory ? path : place.directory, overwrite: request.overwrite,
                numericOwner: request.numericOwner))
        if isDirectory {
            plan.targetEntry = entry
        } else if case .items(var items) = plan.roots {
            items[0].entry.name = place.name
            plan.roots = .items(items)
        }
        return plan
    }

    // MARK: What is told

    private func preview(_ plans: [RestorePlan]) throws -> CommandOutcome {
        let output = context.output
        var total = TargetSurvey.Counts()
        for plan in plans {
            let survey = try TargetSurvey(
                plan, repository: repository, index: index, cancellation: context.cancellation)
            try survey.run()
            if plan.overwrite == .never { try survey.demandNothingInTheWay() }
            try output.list("would replace", survey.named, of: survey.counts.different)
            try output.list("would remove", survey.namedExtra, of: survey.counts.extra)
            output.findings(survey.unused)
            total.add(survey.counts)
        }
        var outcome = RestoreOutcome()
        outcome.files = total.files
        outcome.directories = total.directories
        outcome.others = total.others
        outcome.bytes = total.bytes
        outcome.left = total.right
        outcome.removed = total.extra
        try output.summary("would restore \(counted(outcome)) to \(places(plans))")
        if total.right > 0 {
            try output.summary("\(Quantity.count(total.right, "item")) of them are right already")
        }
        return CommandOutcome(result: result(outcome, plans, replaced: total.different))
    }

    private func tell(_ outcome: RestoreOutcome, _ plans: [RestorePlan]) throws -> CommandOutcome {
        let output = context.output
        output.findings(outcome.missing + outcome.fidelity)
        let time = Quantity.duration(seconds: outcome.seconds)
        try output.summary("restored \(counted(outcome)) to \(places(plans)) in \(time)")
        if outcome.isResumed { try output.summary("went on with what an earlier run had begun") }
        if outcome.removed > 0 {
            try output.summary("removed \(Quantity.count(outcome.removed, "item")) that the snapshot does not have")
        }
        if outcome.left > 0 {
            try output.summary(
                "left \(Quantity.count(outcome.left, "item")) that \(outcome.left == 1 ? "was" : "were") right already")
        }
        if outcome.missing.isEmpty, outcome.fidelity.isEmpty {
            try output.summary("every owner, mode, time and attribute is as it was saved")
        }
        return CommandOutcome(reasons: Self.reasons(outcome), result: result(outcome, plans))
    }

    private static func reasons(_ outcome: RestoreOutcome) -> [Failure] {
        var reasons: [Failure] = []
        if !outcome.missing.isEmpty {
            reasons.append(
                Failure(
                    outcome.isDamaged ? .damaged : .incomplete,
                    "\(Quantity.count(outcome.missing.count, "item")) could not be restored; all else is there"))
        }
        let unfaithful = outcome.fidelity.filter { $0.weight == .missing }.count
        if unfaithful > 0 {
            reasons.append(
                Failure(
                    .incomplete, "\(Quantity.count(unfaithful, "property", "properties")) could not be set as they were"
                ))
        }
        return reasons
    }

    private func counted(_ outcome: RestoreOutcome) -> String {
        var parts = [
            "\(Quantity.count(outcome.files, "file")) (\(Quantity.bytes(outcome.bytes)))",
            Quantity.count(outcome.directories, "directory", "directories"),
        ]
        if outcome.links > 0 { parts.append(Quantity.count(outcome.links, "hard link")) }
        if outcome.others > 0 { parts.append(Quantity.count(outcome.others, "other entry", "other entries")) }
        return parts.joined(separator: ", ")
    }

    private func places(_ plans: [RestorePlan]) -> String { plans.map { printable($0.target) }.joined(separator: ", ") }

    private func result(
        _ outcome: RestoreOutcome, _ plans: [RestorePlan], replaced: Int? = nil
    ) -> [JSONValue.Member] {
        [
            .init("snapshot", .string(record.identifier)),
            .init("targets", .array(plans.map { .string(printable($0.target)) })),
            .init("files", JSONValue(outcome.files)),
            .init("directories", JSONValue(outcome.directories)),
            .init("links", JSONValue(outcome.links)),
            .init("others", JSONValue(outcome.others)),
            .init("left", JSONValue(outcome.left)),
            .init("replaced", replaced.map { JSONValue($0) } ?? .null),
            .init("removed", JSONValue(outcome.removed)),
            .init("resumed", .bool(outcome.isResumed)),
            .init("bytesFetched", JSONValue(outcome.bytesFetched)),
            .init("bytes", JSONValue(outcome.bytes)),
            .init("findings", .array((outcome.missing + outcome.fidelity).map(JSONShapes.finding))),
            .init("durationSeconds", JSONValue(outcome.seconds)),
            .init("dryRun", .bool(request.dryRun)),
        ]
    }

    private static func sum(_ total: RestoreOutcome, _ next: RestoreOutcome) -> RestoreOutcome {
        var sum = total
        sum.files += next.files
        sum.directories += next.directories
        sum.links += next.links
        sum.others += next.others
        sum.left += next.left
        sum.removed += next.removed
        sum.isResumed = sum.isResumed || next.isResumed
        sum.bytes += next.bytes
        sum.bytesFetched += next.bytesFetched
        sum.missing += next.missing
        sum.isDamaged = sum.isDamaged || next.isDamaged
        sum.fidelity += next.fidelity
        sum.seconds += next.seconds
        return sum
    }
}
