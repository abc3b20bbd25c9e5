import Formats
import Platform
import TestDoubles
import Testing

/// Each object of the repository that was drilled from, damaged in each way: a drill is never green where it needed the
/// object, and where it did not it says what it did without.
@Suite("Drills from a damaged repository")
struct DrillObjectTests {
    /// What is done to an object.
    enum Damage: String, CaseIterable {
        case truncated
        case flipped
        case deleted
    }

    /// What an object is to the drill.
    enum Part: String, CaseIterable {
        case description
        /// The key slot that the password opens.
        case ownKey
        /// The key slot of the recovery key.
        case otherKey
        case settings
        case record
        case pack
        case index
    }

    /// What a drill does about it.
    struct Answer {
        var exit: Int32
        /// Whether the object is named.
        var isNamed = true
        /// What is said beside the object's name, or in its stead.
        var words = ""
    }

    /// The whole table. Exit 12 stands alone where nothing is damaged that could be told from a wrong password; exit 1
    /// where nothing in the repository knows that there was a snapshot.
    private static func answer(_ part: Part, _ damage: Damage, isSeen: Bool) -> Answer {
        switch (part, damage) {
        case (.description, .deleted): Answer(exit: 10, isNamed: false, words: "there is no repository in")
        case (.description, _): Answer(exit: 13)
        case (.ownKey, .deleted): Answer(exit: 12, isNamed: false, words: "this password opens no key")
        case (.ownKey, _): Answer(exit: 13)
        case (.otherKey, .deleted): Answer(exit: 0, isNamed: false)
        case (.otherKey, _): Answer(exit: 0)
        case (.settings, .deleted): Answer(exit: 0, isNamed: false, words: "settings: gone")
        case (.settings, _): Answer(exit: 0)
        case (.record, .deleted) where !isSeen: Answer(exit: 1, isNamed: false, words: "no snapshot of system shop")
        case (.record, _): Answer(exit: 13)
        case (.pack, _): Answer(exit: 13)
        case (.index, .deleted): Answer(exit: 0, isNamed: false, words: "an object of it is lost")
        case (.index, _): Answer(exit: 0)
        }
    }

    /// A shop, its policy, and the objects that were there before the first drill.
    private struct Drilled {
        let shop: DrilledShop
        let policy: String
        let objects: [(name: String, part: Part)]

        init() throws {
            shop = try DrilledShop("objects")
            policy = try shop.policy("objects")
            let keys = try #require(shop.salvor.succeeds("key", "list", "--json").json()["keys"]?.elements)
            let others = keys.filter { $0["current"]?.flag != true }.compactMap { $0["id"]?.text }
            try #require(keys.count == 2 && others.count == 1)
            objects = try shop.salvor.objects().compactMap { name in
                Self.part(name, others: others).map { (name, $0) }
            }
        }

        private static func part(_ name: String, others: [String]) -> Part? {
            let last = name.split(separator: "/").last.map { String($0) } ?? ""
            return switch name.split(separator: "/").first {
            case "salvor.json": .description
            case "keys": others.contains(last) ? .otherKey : .ownKey
            case "settings": .settings
            case "snapshots": .record
            case "packs": .pack
            case "index": .index
            default: nil
            }
        }

        /// Damages an object, drills, looks at the answer, and puts the object back.
        func expect(_ answer: Answer, of name: String, _ damage: Damage) throws {
            let path = Array("\(shop.salvor.repository)/\(name)".utf8)
            let sound = try FileTree.read(path, limit: 64 << 20)
            var bytes = sound
            switch damage {
            case .truncated: bytes.removeLast(bytes.count - bytes.count / 2)
            case .flipped: bytes[bytes.count / 2] ^= 1
            case .deleted: break
            }
            if damage == .deleted { try FileTree.remove(path) } else { try FileTree.write(bytes, to: path) }
            let result = try shop.drill(policy)
            let both = result.output + result.errors
            #expect(result.exit == answer.exit, "\(name) \(damage): \(result.said)")
            let last = String(name.split(separator: "/").last ?? "")
            #expect(!answer.isNamed || both.contains(last), "\(name) \(damage) is not named: \(result.said)")
            #expect(both.contains(answer.words), "\(name) \(damage): “\(answer.words)” is not said: \(result.said)")
            let verdict = try result.json()["verdict"]?.text
            #expect((verdict == "recovered") == (answer.exit == 0), "\(name) \(damage): \(result.said)")
            #expect(try shop.staged() == [], "\(name) \(damage)")
            try FileTree.write(sound, to: path)
        }
    }

    @Test("truncated, flipped or deleted: red and named where it is needed, told where it is not")
    func everyObject() throws {
        let drilled = try Drilled()
        #expect(Set(drilled.objects.map(\.part)) == Set(Part.allCases), "\(drilled.objects)")
        #expect(drilled.objects.count { $0.part == .pack } >= 3, "content, rows and trees: \(drilled.objects)")
        // Before any drill has stored a report, nothing but the backup has seen its record.
        for (name, part) in drilled.objects where part == .record {
            try drilled.expect(Self.answer(part, .deleted, isSeen: false), of: name, .deleted)
        }
        #expect(try drilled.shop.drill(drilled.policy).exit == 0)
        for (name, part) in drilled.objects {
            for damage in Damage.allCases {
                try drilled.expect(Self.answer(part, damage, isSeen: true), of: name, damage)
            }
        }
        #expect(try drilled.shop.drill(drilled.policy).exit == 0)
        try drilled.shop.salvor.succeeds("check", "--read-data")
    }

    @Test("where a newer snapshot was seen and is gone, an older one is not drilled in its stead, but by its name")
    func hiddenRecord() throws {
        let drilled = try Drilled()
        let salvor = drilled.shop.salvor
        let older = try #require(salvor.objects("snapshots").first)
        try salvor.succeeds("backup", "-q", "--system", "shop", "uploads=\(salvor.folder.path)/uploads")
        let newer = try #require(salvor.objects("snapshots").first { $0 != older })
        let drill = ["drill", "--json", "--system", "shop", "--staging", salvor.staging]
        let sound = try salvor.run(drill)
        #expect(sound.exit == 0, "\(sound.said)")
        try FileTree.remove(Array("\(salvor.repository)/snapshots/\(newer)".utf8))
        for words in [[], ["latest"], ["--random"], ["--least-recently-drilled"]] {
            let result = try salvor.run(drill + words)
            #expect(result.exit == 13 && result.errors.contains(newer), "\(words): \(result.said)")
        }
        #expect(try salvor.run(drill + [older]).exit == 0)
        try salvor.fails(13, naming: [newer], "restore", "latest", "--target", "\(salvor.folder.path)/out")
        try salvor.succeeds("restore", "-q", "\(older):uploads", "--target", "\(salvor.folder.path)/out")
    }
}
