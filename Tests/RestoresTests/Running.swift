import Backups
import DataSources
import Entries
import Platform
import Repositories
import Restores
import Sealing
import TestDoubles
import TestRepositories

/// A repository and a real folder that is backed up into it, long after the folder was last changed.
struct Saved {
    let folder: TemporaryFolder
    let made: TestRepository

    /// Makes a folder with `fill` and backs it up under the name `web`.
    init(store: MemoryStore = MemoryStore(), _ fill: (TemporaryFolder) throws -> Void) throws {
        folder = try TemporaryFolder("restores")
        try FileTree.makeDirectories(folder.path("in"))
        try fill(folder)
        made = try TestRepository(in: store, clock: ManualClock(seconds: SystemClock().now().seconds + 3600))
        try backUp()
    }

    /// Backs the folder up once more.
    @discardableResult
    func backUp() throws -> BackupOutcome {
        made.clock.advance(seconds: 60)
        let source = BackupPlan.Source(name: "web", adapter: FilesAdapter(path: folder.path("in")))
        let plan = BackupPlan(sources: [source], system: "shop", host: "h", user: "u", tags: [], tool: "salvor test")
        return try BackupRun(made.repository, plan: plan, clock: made.clock).run()
    }

    /// Restores the newest snapshot into `name`, whole, or as `change` has it.
    @discardableResult
    func restore(
        to name: String = "out", _ overwrite: OverwriteRule = .never, repository: Repository? = nil,
        cancellation: any Cancellation = NeverCancelled(), change: (inout RestorePlan) -> Void = { _ in }
    ) throws -> RestoreOutcome {
        let repository = repository ?? made.repository
        var plan = RestorePlan.whole(
            try newest(repository), target: folder.path(name), overwrite: overwrite, numericOwner: true)
        change(&plan)
        return try RestoreRun(
            repository, index: try repository.loadIndex(), plan: plan, cancellation: cancellation
        ).run()
    }

    /// Restores what lies in a directory of the newest snapshot's source into `name`.
    @discardableResult
    func restore(
        item path: String, to name: String = "out", _ overwrite: OverwriteRule = .never,
        change: (inout RestorePlan) -> Void = { _ in }
    ) throws -> RestoreOutcome {
        let index = try made.repository.loadIndex()
        var plan = try RestorePlan.item(
            try newest(made.repository), source: "web", path: path.split(separator: "/").map { Array($0.utf8) },
            repository: made.repository, index: index, target: folder.path(name), overwrite: overwrite,
            numericOwner: true)
        change(&plan)
        return try RestoreRun(made.repository, index: index, plan: plan).run()
    }

    /// The newest snapshot.
    func newest(_ repository: Repository) throws -> SnapshotRecord {
        let records = try repository.records().filter { $0.kind == .snapshot }
        guard let record = records.max(by: { $0.dataTime < $1.dataTime }) else { throw Failure(.failed, "no snapshot") }
        return record
    }

    /// Every file below a folder of the scratch place, with its bytes.
    func files(_ name: String = "out/web") throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        func gather(_ directory: Directory, _ prefix: String) throws {
            for name in try directory.names() {
                let status = try directory.status(of: name)
                if status.isDirectory { try gather(Directory(name, in: directory), prefix + printable(name) + "/") }
                guard status.isRegular else { continue }
                let file = try FileDescriptor(contentOf: name, in: directory)
                var buffer = Buffer(capacity: Int(status.size) + 1)
                while try file.read(into: &buffer) > 0 {}
                found[prefix + printable(name)] = buffer.array()
            }
        }
        try gather(Directory(folder.path(name)), "")
        return found
    }
}
