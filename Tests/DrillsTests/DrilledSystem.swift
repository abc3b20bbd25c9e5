import Backups
import DataSources
import Drills
import Glibc
import Platform
import Policies
import Reports
import Repositories
import Sealing
import Storage
import TestDoubles

/// A system with its repository, for drills of all kinds.
final class DrilledSystem: @unchecked Sendable {
    private let folder: TemporaryFolder
    private let ground: StagingGround
    let repository: Repository
    let store: LocalStore
    static let password = SecretBytes(Array("correct horse".utf8))

    init() throws {
        folder = try TemporaryFolder("system")
        ground = try StagingGround()
        try FileTree.makeDirectories(folder.path("repository"))
        store = try LocalStore(path: folder.path("repository"))
        repository = try Repository.create(
            in: store, credentials: [(.password(Self.password), "test")], tool: "salvor test",
            cost: KeyDerivation.Cost(log2N: 10, r: 8, p: 1))
        try folder.write("www/index.html", text: "<h1>shop</h1>\n")
        try folder.write("www/deep/er/picture.bin", SeededRandomness(seed: 7).bytes(300_000))
        try folder.write("www/empty", [])
    }

    /// The path of the tree of files that is backed up.
    var files: [UInt8] { folder.path("www") }
    var staging: [UInt8] { ground.path }

    /// Backs the files and `others` up.
    @discardableResult
    func backUp(_ others: [BackupPlan.Source] = []) throws -> SnapshotRecord {
        try backUp(FilesAdapter(path: files), others)
    }

    /// Backs the files up as an adapter reads them.
    @discardableResult
    func backUp(_ adapter: FilesAdapter, _ others: [BackupPlan.Source] = []) throws -> SnapshotRecord {
        let sources = [BackupPlan.Source(name: "www", adapter: adapter)] + others
        let plan = BackupPlan(
            sources: sources, system: "shop", host: Host.name(), user: Host.userName(), tags: [], tool: "salvor test")
        return try BackupRun(repository, plan: plan, cancellation: NeverCancelled()).run().record
    }

    /// Drills the newest snapshot.
    func drill(
        clock: any Clock = SystemClock(), cancellation: any Cancellation = NeverCancelled(),
        _ change: (inout DrillOptions) -> Void = { _ in }
    ) throws -> Report {
        var options = DrillOptions(stagingDirectory: staging, threads: 2, tool: "salvor test", identity: "password")
        change(&options)
        // A policy of these tests means the files of this system, wherever they are.
        for index in options.policy?.sources.indices ?? 0..<0 {
            if case .files = options.policy?.sources[index].adapter {
                options.policy?.sources[index].adapter = .files(
                    FilesPolicy(root: String(decoding: files, as: UTF8.self)))
            }
        }
        let run = DrillRun(options: options, clock: clock, cancellation: cancellation)
        return try run.run(open: { try Repository.open(store, credential: .password(Self.password)) }) { repository in
            guard let newest = try repository.records().last(where: { $0.kind == .snapshot }) else {
                throw Failure(.failed, "there is no snapshot")
            }
            return (newest, "the newest")
        }
    }

    /// What lies in the staging directory.
    func leftInStaging() throws -> [String] { try ground.names() }

    /// The reports that the repository keeps as evidence.
    func evidence() throws -> [SnapshotRecord] { try repository.records().filter { $0.kind == .evidence } }

    /// The names of the packs in the repository.
    func packs() throws -> [String] {
        var names: [String] = []
        try store.list("packs") { names.append($0.name.text) }
        return names
    }

    /// Flips one bit in the middle of an object.
    func flip(_ object: String) throws {
        let path = folder.path("repository/\(object)")
        try chmodWritable(path)
        let file = try FileDescriptor(opening: path, O_RDWR)
        let middle = try file.status().size / 2
        var buffer = Buffer(capacity: 1)
        _ = try file.read(into: &buffer, at: middle, count: 1)
        try file.write([buffer.array()[0] ^ 1].span, at: middle)
    }

    private func chmodWritable(_ path: [UInt8]) throws {
        _ = try ChildProcess.run(
            ["chmod", "u+w", String(decoding: path, as: UTF8.self)], environment: Environment.withoutSecrets())
    }
}
