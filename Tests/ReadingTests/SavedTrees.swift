import Backups
import DataSources
import Entries
import Platform
import Reading
import Repositories
import Storage
import TestDoubles
import TestRepositories

/// A repository with snapshots of trees, each saved under the name `web`.
final class SavedTrees: @unchecked Sendable {
    let store = MemoryStore()
    let made: TestRepository

    /// With a clock an hour ahead, so that files of now have rested.
    init(clock: ManualClock = ManualClock(seconds: SystemClock().now().seconds + 3600)) throws {
        made = try TestRepository(in: store, clock: clock)
    }

    /// Saves a tree as the next snapshot.
    @discardableResult
    func save(_ root: MadeTree.Node) throws -> SnapshotRecord { try save(MadeTree(root)) }

    /// Saves a source as the next snapshot.
    @discardableResult
    func save(_ adapter: any SourceAdapter) throws -> SnapshotRecord {
        made.clock.advance(seconds: 60)
        let source = BackupPlan.Source(name: "web", adapter: adapter)
        let plan = BackupPlan(sources: [source], system: "shop", host: "h", user: "u", tags: [], tool: "salvor test")
        let outcome = try BackupRun(made.repository, plan: plan, clock: made.clock).run()
        return outcome.record
    }

    /// Something that reads the repository, or the same one in another store.
    func reader(_ other: (any ObjectStore)? = nil, keeping frames: Int = 8) throws -> ChunkReader {
        let repository = try other.map { try TestRepository.open($0) } ?? made.repository
        return ChunkReader(repository, index: try repository.loadIndex(), keeping: frames)
    }

    /// The item at a path that begins with the source's name; the whole snapshot for an empty one.
    func item(_ record: SnapshotRecord, _ path: String = "") throws -> SnapshotItem {
        guard !path.isEmpty else { return SnapshotItem(record) }
        let reader = try reader()
        var content = record.root
        var found: TreeEntry?
        for name in path.split(separator: "/") {
            found = try TreeCursor(content, reader: reader).advance(to: Array(name.utf8))
            content = found?.content ?? .empty
        }
        guard let found else { throw Failure(.failed, "there is no \(path)") }
        return SnapshotItem(record, entry: found, path: Array(path.utf8))
    }

    /// Damages the frame in which a chunk lies.
    func damage(_ id: ChunkID, in store: MemoryStore? = nil) throws {
        let index = try made.repository.loadIndex()
        guard let place = index.place(of: id) else { throw Failure(.failed, "there is no chunk \(id)") }
        let frame = index.frame(place.frame)
        (store ?? self.store).damage(index.pack(frame.pack).name) { $0[Int(frame.offset) + 20] ^= 1 }
    }
}
