import DataSources
import Backups
import Entries
import Platform
import Repositories
import Restores
import TestDoubles
import TestRepositories
import Testing

@Suite("A source in a snapshot, by paths")
struct SnapshotTreeTests {
    /// A directory `wide` of several pages, each of whose directories holds one file.
    private func saved(_ store: MemoryStore, _ count: Int, padding: String = "") throws -> (
        made: TestRepository, record: SnapshotRecord
    ) {
        let made = try TestRepository(in: store, clock: ManualClock(seconds: 10_000))
        var children: [String: MadeTree.Node] = [:]
        for number in 0..<count {
            children["table-\(number)\(padding)"] = .directory(["part": .file(Array("rows of \(number)".utf8))])
        }
        let source = BackupPlan.Source(
            name: "db", adapter: MadeTree(.directory(["wide": .directory(children)])))
        let plan = BackupPlan(sources: [source], system: "s", host: "h", user: "u", tags: [], tool: "salvor test")
        return (made, try BackupRun(made.repository, plan: plan, clock: made.clock).run().record)
    }

    private func path(_ names: String...) -> [[UInt8]] { names.map { Array($0.utf8) } }

    @Test("each name of a large directory is found, in any order, and no other one")
    func large() throws {
        let (made, record) = try saved(MemoryStore(), 3000)
        let tree = try SnapshotTree(
            made.repository, index: try made.repository.loadIndex(), record: record, source: "db")
        let wide = try tree.entry(at: path("wide")).content
        #expect((wide?.items.count ?? 0) > 3 || (wide?.depth ?? 0) > 0, "it has several pages")
        var numbers = Array(0..<3000)
        let random = SeededRandomness(seed: 1)
        for index in numbers.indices { numbers.swapAt(index, random.next(below: numbers.count)) }
        for number in numbers {
            var bytes: [UInt8] = []
            try tree.read(path("wide", "table-\(number)", "part")) { bytes.append($0) }
            try #require(bytes == Array("rows of \(number)".utf8))
        }
        for name in ["", "a", "table-", "table-1500x", "table-3000", "zebra"] {
            let failure = #expect(throws: Failure.self, "\(name)") { try tree.entry(at: path("wide", name)) }
            #expect(failure?.kind == .usage, "\(name)")
        }
    }

    @Test("where a page is damaged the names of the others are found, and its own are damaged, not absent")
    func damaged() throws {
        let store = MemoryStore()
        // Names so long that the pages lie in several frames.
        let padding = String(repeating: "-", count: 600)
        let (made, record) = try saved(store, 3000, padding: padding)
        let index = try made.repository.loadIndex()
        let whole = try SnapshotTree(made.repository, index: index, record: record, source: "db")
        var pages: [ChunkID] = []
        let wide = try #require(try whole.entry(at: path("wide")).content)
        try ChunkReader(made.repository, index: index).walk(wide) { id, _ in pages.append(id) }
        let place = try #require(index.place(of: pages[pages.count / 2]))
        let frame = index.frame(place.frame)
        store.damage(index.pack(frame.pack).name) { $0[Int(frame.offset) + 20] ^= 1 }
        let tree = try SnapshotTree(made.repository, index: index, record: record, source: "db")
        var (found, lost) = (0, 0)
        for number in stride(from: 0, to: 3000, by: 10) {
            do {
                _ = try tree.entry(at: path("wide", "table-\(number)\(padding)"))
                found += 1
            } catch let failure as Failure {
                #expect(failure.kind == .damaged, "\(failure)")
                lost += 1
            }
        }
        #expect(found > 0 && lost > 0 && found + lost == 300, "\(found) found, \(lost) lost")
    }
}
