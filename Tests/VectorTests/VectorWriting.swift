import Backups
import Formats
import Platform
import Repositories
import Storage
import TestDoubles
import TestRepositories

/// Makes a repository as the vectors are: two snapshots of two sources, with seeded randomness and a clock of its own.
enum VectorWriting {
    static func write(to store: any ObjectStore) throws -> TestRepository {
        let made = try TestRepository(in: store, seed: 2026, clock: ManualClock(seconds: 1_800_000_000))
        let web = MadeTree(VectorTree.web(later: false), location: "/srv/web")
        let note = MadeTree(VectorTree.note, location: "/srv/note")
        try backUp([("web", web), ("note", note)], ["first"], made)
        web.change { $0 = VectorTree.web(later: true) }
        made.clock.advance(seconds: 86_400)
        try backUp([("web", web), ("note", note)], ["second", "größe"], made)
        return made
    }

    private static func backUp(_ sources: [(String, MadeTree)], _ tags: [String], _ made: TestRepository) throws {
        let plan = BackupPlan(
            sources: sources.map { BackupPlan.Source(name: $0.0, adapter: $0.1) }, system: "shop", host: "web1",
            user: "root",
            tags: tags, tool: "salvor 0.1.0")
        _ = try BackupRun(made.repository, plan: plan, clock: made.clock).run()
    }

    /// What must come back of each snapshot, by its first tag.
    static func expected(_ made: TestRepository) -> JSONValue {
        func items(later: Bool) -> JSONValue {
            .object(
                VectorTree.expected(VectorTree.web(later: later), "web") + VectorTree.expected(VectorTree.note, "note"))
        }
        return [
            "password": .string(TestRepository.password), "recoveryKey": .string(made.recoveryKey.text),
            "first": items(later: false), "second": items(later: true),
        ]
    }

    /// Damaged copies, described: what is done to which object, what `check` that reads all data must name, and whether
    /// the second snapshot still comes back whole.
    static func damages(_ made: TestRepository) throws -> JSONValue {
        let records = try made.repository.records().filter { $0.kind == .snapshot }
        let index = try made.repository.loadIndex()
        var list: [JSONValue] = []
        func add(_ name: String, _ object: String, _ change: String, _ offset: Int?, names: String?, comes: Bool) {
            list.append([
                "name": .string(name), "object": .string(object), "change": .string(change),
                "offset": JSONValue(offset.map { Double($0) }),
                "checkNames": JSONValue(names), "comesBackWhole": .bool(comes),
            ])
        }
        for (number, record) in records.enumerated() {
            let object = "snapshots/" + record.identifier
            let isNewest = number == records.count - 1
            add("record \(number + 1) flipped", object, "flip", 77, names: object, comes: !isNewest)
            add("record \(number + 1) gone", object, "delete", nil, names: isNewest ? nil : object, comes: !isNewest)
        }
        for pack in index.allPacks {
            let object = pack.name.text
            let isNeeded = pack.kind == .treePack ? nil : true
            add("\(pack.kind) header", object, "flip", 20, names: object, comes: true)
            add("\(pack.kind) trailer", object, "flip", Int(pack.length) - 1, names: object, comes: true)
            if isNeeded == true { add("\(pack.kind) cut off", object, "truncate", 100, names: object, comes: false) }
        }
        for name in try made.repository.names(in: .index) {
            add("index flipped", name.text, "flip", 60, names: name.text, comes: true)
            add("index gone", name.text, "delete", nil, names: "index", comes: true)
        }
        let setting = try made.repository.names(in: .settings)[0].text
        add("settings flipped", setting, "flip", 60, names: setting, comes: true)
        add("settings gone", setting, "delete", nil, names: "settings", comes: true)
        for name in try made.repository.names(in: .keySlot) {
            add("key slot flipped", name.text, "flip", 70, names: name.text, comes: true)
        }
        add("leaflet flipped", "RECOVER.txt", "flip", 3, names: nil, comes: true)
        return .array(list)
    }
}
