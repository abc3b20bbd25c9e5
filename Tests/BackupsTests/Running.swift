import Backups
import DataSources
import Entries
import Platform
import Repositories
import Restores
import TestDoubles
import TestRepositories

/// Backs a source up under the name `web`.
@discardableResult
func backUp(
    _ source: any SourceAdapter, to repository: Repository, _ clock: any Clock,
    cancellation: any Cancellation = NeverCancelled()
) throws -> BackupOutcome {
    let plan = BackupPlan(
        sources: [BackupPlan.Source(name: "web", adapter: source)], system: "shop", host: "web1", user: "root",
        tags: ["nightly"], tool: "salvor test")
    return try BackupRun(repository, plan: plan, clock: clock, cancellation: cancellation).run()
}

/// The tree of the newest snapshot.
func newest(_ repository: Repository) throws -> SnapshotTree {
    let records = try repository.records().filter { $0.kind == .snapshot }
    guard let record = records.max(by: { $0.dataTime < $1.dataTime }) else { throw Failure(.failed, "no snapshot") }
    return try SnapshotTree(repository, index: try repository.loadIndex(), record: record, source: "web")
}

/// Every file of a snapshot with its bytes, by path.
func contents(_ tree: SnapshotTree) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    var waiting: [[[UInt8]]] = [[]]
    while let path = waiting.popLast() {
        for entry in try tree.children(of: path) {
            let below = path + [entry.name]
            if entry.kind == .directory { waiting.append(below) }
            guard entry.kind == .file else { continue }
            var bytes: [UInt8] = []
            try tree.read(below) { bytes.append($0) }
            found[below.map { printable($0) }.joined(separator: "/")] = bytes
        }
    }
    return found
}

/// Every file of a made tree with its bytes, by path.
func contents(_ node: MadeTree.Node, _ path: String = "") -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for (name, child) in node.children {
        let below = path.isEmpty ? name : path + "/" + name
        if child.entry.kind == .file { found[below] = child.bytes }
        found.merge(contents(child, below)) { left, _ in left }
    }
    return found
}
