import Formats
import Platform
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("Records")
struct RecordTests {
    static func full(_ kind: SnapshotRecord.Kind) -> SnapshotRecord {
        var record = SnapshotRecord(kind, session: Array(0..<16))
        if kind == .fence { return record }
        record.system = "größe \"shop\"\n"
        record.host = "web1"
        record.user = "root"
        record.tags = ["nightly", ""]
        record.tool = "salvor 0.1.0"
        record.started = Instant(seconds: 1_795_299_779, nanoseconds: 5_000_000)
        record.dataTime = Instant(seconds: -1)
        record.committedBy = Instant(seconds: 1_795_299_800, nanoseconds: 999_999_999)
        record.heads = [[UInt8](repeating: 7, count: 16)]
        if kind == .evidence {
            record.started = Instant(seconds: 1_795_299_779)
            record.drilled = [UInt8](repeating: 8, count: 16)
            record.report = TreeEntryTests.content
            return record
        }
        record.root = TreeEntryTests.content
        record.sources = [
            SnapshotRecord.Source(
                name: "db", adapter: "postgres", location: "postgres:service=shop", dataTime: Instant(seconds: 5),
                manifest: TreeEntryTests.content, statistics: ["files": 3, "ratio": 0.5], missing: ["a: b"])
        ]
        return record
    }

    @Test("come back as they were", arguments: [SnapshotRecord.Kind.snapshot, .fence, .evidence])
    func roundTrip(kind: SnapshotRecord.Kind) throws {
        let record = Self.full(kind)
        let bytes = JSONWriter.bytes(record.json)
        let back = try SnapshotRecord(try JSONParser.parse(bytes), session: record.session, object: "snapshots/x")
        #expect(back == record)
    }

    @Test("of another session, of a later format, or without what they must have are refused")
    func refusals() throws {
        let record = Self.full(.snapshot)
        let json = record.json
        #expect(throws: Failure.self) { try SnapshotRecord(json, session: Array(1..<17), object: "x") }
        let members = try #require(json.members)
        for key in [
            "format", "kind", "session", "system", "host", "user", "tool", "started", "dataTime", "committedBy", "root",
            "sources",
        ] {
            let values: [JSONValue?] = [nil, .null, 7, "x", ["a"]]
            for value in values {
                if value?.text != nil, ["system", "host", "user", "tool"].contains(key) { continue }
                var changed = members.filter { $0.key != key }
                if let value { changed.append(.init(key, value)) }
                #expect(throws: Failure.self, "\(key)") {
                    try SnapshotRecord(.object(changed), session: record.session, object: "x")
                }
            }
        }
    }

    @Test("are bound to their names: one copied under another name is damage")
    func replay() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        try session.commit(SnapshotRecord(.snapshot, session: session.id))
        let bytes = try store.read(ObjectName("snapshots", session.id), limit: 1 << 16)
        let copy = ObjectName("snapshots", [UInt8](repeating: 3, count: 16))
        _ = try store.create(copy, bytes.span)
        let failure = #expect(throws: Failure.self) { try made.repository.record(copy) }
        #expect(failure?.kind == .damaged && failure?.sentence.contains(copy.text) == true)
        // Nor is a mark a record.
        let mark = try made.repository.sealer.document(.sessionMark, Array("{}".utf8), name: copy)
        store.damage(copy) { $0 = mark }
        #expect(throws: Failure.self) { try made.repository.record(copy) }
        var told: [ObjectName] = []
        #expect(try made.repository.records { name, _ in told.append(name) }.count == 1)
        #expect(told == [copy])
    }

    @Test("with any bit of the object flipped are damage, exit 13")
    func flipped() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let session = try WriteSession(made.repository, purpose: "test", clock: made.clock)
        try session.commit(SnapshotRecord(.snapshot, session: session.id))
        let name = ObjectName("snapshots", session.id)
        let whole = try store.read(name, limit: 1 << 16)
        for index in whole.indices {
            store.damage(name) { $0[index] ^= 1 }
            let failure = #expect(throws: Failure.self, "byte \(index)") { try made.repository.record(name) }
            #expect(failure?.kind == .damaged, "byte \(index): \(failure?.description ?? "")")
            store.damage(name) { $0 = whole }
        }
        for count in [0, 47, 48, 63, whole.count - 1] {
            store.damage(name) { $0.removeLast(whole.count - count) }
            let failure = #expect(throws: Failure.self) { try made.repository.record(name) }
            #expect(failure?.kind == .damaged)
            store.damage(name) { $0 = whole }
        }
    }
}
