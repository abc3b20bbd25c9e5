import Backups
import DataSources
import Entries
import Platform
import Repositories
import Restores
import Storage
import TestDoubles
import TestRepositories
import Testing

@Suite("A restore")
struct RestoreTests {
    /// Things of every kind that an ordinary file system has.
    static func fill(_ folder: TemporaryFolder) throws {
        try folder.write("in/empty", [])
        try folder.write("in/hello.txt", text: "hello\n")
        try folder.write("in/large.bin", noise(5 << 20, seed: 1))
        try folder.write("in/deep/er/still/file", text: "deep")
        for number in 0..<300 { try folder.write("in/many/f\(number)", text: String(repeating: "x", count: number)) }
        let root = try Directory(folder.path("in"))
        try root.makeSymlink(Array("link".utf8), to: Array("../not/there".utf8))
        try root.makeNode(Array("fifo".utf8), mode: 0o010600, device: 0)
        try root.link(Array("hello again".utf8), to: Array("hello.txt".utf8), in: root)
        try root.link(Array("fifo again".utf8), to: Array("fifo".utf8), in: root)
        try folder.write("in/sparse", [1])
        let sparse = try FileDescriptor(opening: folder.path("in/sparse"), 2)
        try sparse.truncate(to: 3 << 20)
        try sparse.write([UInt8](repeating: 7, count: 5000).span, at: 1 << 20)
        try folder.write("in/decorated", text: "x")
        try ExtendedAttributes.set(
            ExtendedAttribute(name: Array("user.origin".utf8), value: [0, 1, 255]),
            on: .name(Array("decorated".utf8), in: root))
        try folder.write("in/no\u{fffd}", text: "z")
        try root.rename(Array("no\u{fffd}".utf8), to: [0x6e, 0xff, 0xfe])
        for (name, mode, time) in [
            ("hello.txt", UInt16(0o640), Instant(seconds: -5, nanoseconds: 999_999_999)),
            ("empty", 0o4755, Instant(seconds: 1)),
            ("many", 0o1777, Instant(seconds: 1_000_000_000, nanoseconds: 1)), ("deep", 0o500, Instant(seconds: 7)),
        ] {
            let reference = try FileDescriptor(referenceTo: Array(name.utf8), in: root)
            try FileMetadata.setPermissions(mode, of: reference.number)
            try FileMetadata.setModified(time, of: reference.number)
        }
    }

    @Test("brings everything back as it was: bytes, names, modes, times, links, holes, attributes")
    func roundTrip() throws {
        let saved = try Saved(Self.fill)
        let outcome = try saved.restore()
        #expect(outcome.missing == [] && outcome.fidelity == [] && !outcome.isDamaged)
        #expect(outcome.files == 307 && outcome.links == 2 && outcome.others == 2)
        let facts = try FolderFacts(saved.folder.path("out/web"))
        #expect(try facts.differences(from: FolderFacts(saved.folder.path("in"))) == [])
    }

    @Test("is the same after a second backup that read nothing")
    func afterNothing() throws {
        let saved = try Saved(Self.fill)
        let second = try saved.backUp()
        #expect(second.sources[0].counts.bytesRead == 0)
        try saved.restore()
        let facts = try FolderFacts(saved.folder.path("out/web"))
        #expect(try facts.differences(from: FolderFacts(saved.folder.path("in"))) == [])
    }

    @Test("never replaces what differs unasked, and then writes nothing at all; what is right already is left")
    func overwriteNever() throws {
        let saved = try Saved(Self.fill)
        try saved.restore()
        let again = try saved.restore()
        #expect(again.files == 0 && again.missing == [])
        try saved.folder.write("out/web/hello.txt", text: "HELLO\n")
        try FileTree.remove(saved.folder.path("out/web/large.bin"))
        let failure = #expect(throws: Failure.self) { try saved.restore() }
        #expect(failure?.kind == .refused && failure?.sentence.contains("hello.txt") == true)
        #expect(try saved.files()["large.bin"] == nil && saved.files()["hello.txt"] == Array("HELLO\n".utf8))
    }

    @Test(
        "replaces what differs when told, looking at bytes and not at times",
        arguments: [OverwriteRule.ifChanged, .always])
    func overwrite(rule: OverwriteRule) throws {
        let saved = try Saved(Self.fill)
        try saved.restore()
        // The same size and the same time, other bytes.
        let root = try Directory(saved.folder.path("out/web"))
        let file = try FileDescriptor(opening: saved.folder.path("out/web/decorated"), 2)
        let status = try file.status()
        try file.write([0x79].span, at: 0)
        try FileMetadata.setModified(status.modified, of: file.number)
        try FileTree.remove(saved.folder.path("out/web/deep"))
        try saved.folder.write("out/web/deep", text: "in the way")
        try root.remove(Array("link".utf8))
        try FileTree.makeDirectories(saved.folder.path("out/web/link"))
        try saved.folder.write("out/web/extra", text: "stays")
        let outcome = try saved.restore(rule)
        #expect(outcome.missing == [])
        if rule == .ifChanged { #expect(outcome.left > 300 && outcome.files == 2) }
        try FileTree.remove(saved.folder.path("out/web/extra"))
        let facts = try FolderFacts(saved.folder.path("out/web"))
        let differences = try facts.differences(from: FolderFacts(saved.folder.path("in"))).filter {
            !$0.hasPrefix(".:")
        }
        #expect(differences == [])
    }

    @Test("from a damaged repository gives right bytes, and names what it cannot give")
    func damaged() throws {
        let store = MemoryStore()
        let saved = try Saved(store: store, Self.fill)
        let right = try saved.files("in")
        for name in try TestRepository.names(store, in: "packs") {
            let length = Int(try store.length(name))
            for place in [60, length / 3, length / 2, length - 200] {
                let twin = store.copy()
                twin.damage(name) { $0[place] ^= 1 }
                try FileTree.remove(saved.folder.path("out"))
                let outcome = try? saved.restore(repository: TestRepository.open(twin))
                let found = (try? saved.files()) ?? [:]
                for (path, bytes) in found { #expect(bytes == right[path], "\(path)") }
                guard found != right else { continue }
                #expect(
                    outcome == nil || outcome?.isDamaged == true && outcome?.missing.isEmpty == false,
                    "\(name) \(place)")
            }
        }
    }

    @Test("of a file whose later chunk is damaged fails for that file, and for no other of the same worker")
    func noCascade() throws {
        let store = MemoryStore()
        let saved = try Saved(store: store) { folder in
            for number in 0..<6 { try folder.write("in/f\(number)", noise(5 << 20, seed: UInt64(number))) }
        }
        let index = try saved.made.repository.loadIndex()
        let reader = ChunkReader(saved.made.repository, index: index)
        let record = try #require(try saved.made.repository.records().first)
        let root = try #require(try TreeCursor(record.root, reader: reader).next())
        let cursor = try TreeCursor(root.content ?? .empty, reader: reader)
        var damaged: [String] = []
        while let item = try cursor.next() {
            let items = item.content?.items ?? []
            guard items.count > 1, damaged.count < 3, let place = index.place(of: items[items.count - 1].id) else {
                continue
            }
            let frame = index.frame(place.frame)
            store.damage(index.pack(frame.pack).name) { $0[Int(frame.offset) + 20] ^= 1 }
            damaged.append(printable(item.entry.name))
        }
        #expect(damaged.count == 3)
        let outcome = try saved.restore()
        #expect(outcome.isDamaged && outcome.missing.map(\.object).sorted() == damaged.map { "web/" + $0 }.sorted())
        #expect(try saved.files().count == 3)
    }

    @Test("needs no index where the packs are")
    func lostIndex() throws {
        let store = MemoryStore()
        let saved = try Saved(store: store, Self.fill)
        for name in try TestRepository.names(store, in: "index") { try store.remove(name) }
        let outcome = try saved.restore(repository: TestRepository.open(store))
        #expect(outcome.missing == [])
        #expect(try saved.files() == saved.files("in"))
    }

    @Test("cancelled at any time throws, and what is there is right", arguments: [1, 3, 50, 200])
    func cancelled(after: Int) throws {
        let saved = try Saved(Self.fill)
        let failure = #expect(throws: Failure.self) { try saved.restore(cancellation: CancelledAfter(after)) }
        #expect(failure?.kind == .interrupted)
        let right = try saved.files("in")
        for (path, bytes) in (try? saved.files()) ?? [:] { #expect(bytes == right[path], "\(path)") }
        let outcome = try saved.restore(.ifChanged)
        #expect(outcome.missing == [])
        #expect(try saved.files() == right)
    }

    @Test("of a tree far deeper than a stack or a path may be")
    func deep() throws {
        let depth = 6000
        let saved = try Saved { folder in
            var directory = try Directory(folder.path("in"))
            for _ in 0..<depth {
                try directory.makeDirectory([0x64])
                directory = try Directory([0x64], in: directory)
            }
        }
        let outcome = try saved.restore()
        #expect(outcome.directories == depth + 1 && outcome.missing == [])
        let again = try saved.restore()
        #expect(again.missing == [])
    }
}
