import Backups
import DataSources
import Entries
import Formats
import Platform
import Repositories
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing
import Upkeep

@Suite("A check of data")
struct DataCheckTests {
    private func check(_ store: any ObjectStore, part: DataPart = .whole, readsData: Bool = true) throws -> CheckOutcome
    {
        try CheckRun(TestRepository.open(store), readsData: readsData, part: part).run()
    }

    /// A content of several chunks.
    private func content(_ forgery: Forgery, seed: UInt64, chunks: Int = 3) throws -> (Content, digest: [UInt8]) {
        var (items, bytes) = ([Content.Item](), [UInt8]())
        for number in 0..<chunks {
            let piece = noise(2000, seed: seed * 100 + UInt64(number))
            items.append(.init(id: try forgery.chunk(.content, piece), covered: 2000))
            bytes += piece
        }
        return (Content(length: UInt64(bytes.count), depth: 0, items: items), sha256(bytes))
    }

    @Test("compares files of several chunks with their SHA-256, each once, and names those that differ")
    func digests() throws {
        let forgery = try Forgery()
        let (one, oneDigest) = try content(forgery, seed: 1)
        let (two, twoDigest) = try content(forgery, seed: 2)
        let wrong = [UInt8](repeating: 7, count: 32)
        let record = try forgery.commit(
            web: forgery.page([
                .file("a", one, digest: oneDigest), .file("b", one, digest: oneDigest),
                .file("c", two, digest: wrong), .file("d", two, digest: twoDigest), .file("e", one, digest: wrong),
            ]))
        let outcome = try check(forgery.made.store)
        let label = "snapshot \(record.shortIdentifier): web/"
        #expect(outcome.damages.map(\.object).sorted() == [label + "c", label + "e"], "\(outcome.damages)")
        #expect(outcome.filesCompared == 4 && outcome.filesNotCompared == 0)
        #expect(try check(forgery.made.store, readsData: false).isHealthy)
    }

    @Test("compares files whose chunk lists are nested")
    func nested() throws {
        for isTurned in [false, true] {
            let forgery = try Forgery()
            let (flat, digest) = try content(forgery, seed: 1, chunks: 6)
            let halves = isTurned ? [flat.items[2...], flat.items[..<2]] : [flat.items[..<2], flat.items[2...]]
            let lists = try halves.map { items in
                Content.Item(
                    id: try forgery.chunk(.chunkList, RawEntry.items(Array(items))),
                    covered: UInt64(items.count) * 2000)
            }
            let nested = Content(length: flat.length, depth: 1, items: lists)
            let record = try forgery.commit(web: forgery.page([.file("x", nested, digest: digest)]))
            let outcome = try check(forgery.made.store)
            // The right chunks in the wrong order are seen by the SHA-256 of the whole alone.
            let expected = isTurned ? ["snapshot \(record.shortIdentifier): web/x"] : []
            #expect(outcome.damages.map(\.object) == expected && outcome.filesCompared == 1)
        }
    }

    @Test("reads many versions of a large file once and a bit, the newest as a whole")
    func versions() throws {
        let made = try TestRepository()
        var bytes = noise(12 << 20, seed: 1)
        let tree = MadeTree(.directory(["image": .file(bytes, inode: 1)]))
        for night in 0..<8 {
            bytes.replaceSubrange(100..<200, with: noise(100, seed: UInt64(night) + 7))
            let now = bytes
            tree.change { $0.children["image"] = .file(now, changed: Int64(2000 + night), inode: 1) }
            made.clock.advance(seconds: 86_400)
            let plan = BackupPlan(
                sources: [BackupPlan.Source(name: "web", adapter: tree)], system: "shop", host: "h", user: "u",
                tags: [], tool: "salvor test")
            _ = try BackupRun(made.repository, plan: plan, clock: made.clock).run()
        }
        let counting = CountingStore(made.store)
        let outcome = try check(counting)
        #expect(outcome.isHealthy && outcome.filesCompared == 1 && outcome.filesNotCompared == 7)
        // Packs once, the newest version once more.
        #expect(counting.counts.bytesRead < outcome.bytesRead + UInt64(13 << 20), "\(counting.counts)")
        #expect(counting.counts.bytesRead > outcome.bytesRead + UInt64(11 << 20), "\(counting.counts)")
    }

    @Test("compares a sparse file, and leaves one that only claims a size alone; neither takes long")
    func sizes() throws {
        let forgery = try Forgery()
        let zeros = [UInt8](repeating: 0, count: 1000)
        let (data, _) = try content(forgery, seed: 3)
        let zero = Content.Item(id: try forgery.chunk(.content, zeros), covered: 1000)
        let sparse = Content(length: 26_000, depth: 0, items: [Content.Item](repeating: zero, count: 20) + data.items)
        var entry = RawEntry.file("sparse", sparse, digest: [UInt8](repeating: 1, count: 32))
        entry.fields.append((7, [1] + RawBytes.varint(0) + RawBytes.varint(20_000)))
        var endless = zero
        for _ in 0..<4 { endless = try forgery.list(endless, times: 2000) }
        let claimed = Content(length: endless.covered, depth: 4, items: [endless])
        let many = Content(length: endless.covered * 60, depth: 4, items: [Content.Item](repeating: endless, count: 60))
        let record = try forgery.commit(
            web: forgery.page([
                .file("claimed", claimed, digest: sha256(zeros)), .file("many", many, digest: sha256(zeros)), entry,
            ]))
        let outcome = try check(forgery.made.store)
        #expect(outcome.damages.map(\.object) == ["snapshot \(record.shortIdentifier): web/sparse"])
        #expect(outcome.filesCompared == 1 && outcome.filesNotCompared == 2)
    }

    @Test("falls into parts that cover every pack and every file once, whatever is added between the runs")
    func parts() throws {
        let forgery = try Forgery()
        var entries: [RawEntry] = []
        for number in 0..<9 as Range<UInt64> {
            let (content, digest) = try content(forgery, seed: number + 1)
            entries.append(.file("f\(number)", content, digest: number == 4 ? sha256([]) : digest))
        }
        let store = forgery.made.store
        for round in 0..<6 as Range<UInt64> {
            let session = try WriteSession(forgery.made.repository, purpose: "test", clock: forgery.made.clock)
            let writer = try MetadataWriter(forgery.made.repository, session: session)
            _ = try writer.store(.content, noise(500, seed: 900 + round).span)
            try writer.finish()
            try session.flushIndex()
        }
        try forgery.commit(web: forgery.page(entries))
        let whole = try check(store)
        #expect(whole.packs == 7 && whole.damages.count == 1)
        for count in [1, 2, 5, 40] {
            let parts = try (1...count).map { try check(store, part: #require(DataPart("\($0)/\(count)"))) }
            #expect(parts.reduce(0) { $0 + $1.bytesRead } == whole.bytesRead)
            #expect(parts.reduce(0) { $0 + $1.filesCompared } == 9)
            #expect(parts.reduce(0) { $0 + $1.damages.count } == 1)
            for (number, part) in zip(1..., parts) {
                let again = try check(store, part: #require(DataPart("\(number)/\(count)")))
                #expect(again.bytesRead == part.bytesRead && again.filesCompared == part.filesCompared)
            }
        }
        let before = try check(store, part: #require(DataPart("2/5"))).bytesRead
        let session = try WriteSession(forgery.made.repository, purpose: "test", clock: forgery.made.clock)
        var added: UInt64 = 0
        for round in 0..<20 as Range<UInt64> {
            let sealer = PackSealer(.dataPack, repository: forgery.made.repository, session: session.id) { pack in
                if try #require(DataPart("2/5")).contains(pack.info.id) { added += pack.info.length }
                try session.add(pack)
            }
            var frame = FrameBuffer(capacity: 100)
            let bytes = noise(50, seed: 3000 + round)
            frame.append(
                bytes.span, id: forgery.made.repository.namer().name(.content, bytes.span).id,
                quickHash: WyHash.hash(bytes.span))
            try sealer.store(frame)
            try sealer.finish()
        }
        try session.flushIndex()
        #expect(try check(store, part: #require(DataPart("2/5"))).bytesRead == before + added && added > 0)
    }

    @Test("a damaged pack is named in its own part alone")
    func damagedPart() throws {
        let doubled = try Doubled()
        let pack = try #require(doubled.packs[0].first)
        doubled.store.damage(pack) { $0[60] ^= 1 }
        let named = try (1...4).map { number in
            try check(doubled.store, part: #require(DataPart("\(number)/4"))).damages.map(\.object)
        }
        let part = try #require((1...4).first { DataPart("\($0)/4")?.contains(pack.identifier ?? []) == true })
        #expect(named[part - 1].contains(pack.text))
        // Elsewhere it can only be met by chance, on the way through the trees.
        for (number, objects) in zip(1..., named) where number != part {
            #expect(objects.allSatisfy { $0 == pack.text }, "\(objects)")
        }
    }

    @Test("a file of its part that lies in a damaged pack of another one is named, in each snapshot, and the pack too")
    func damagedElsewhere() throws {
        let checked = try CheckTests.Checked()
        let index = try checked.made.repository.loadIndex()
        let reader = ChunkReader(checked.made.repository, index: index)
        let records = try checked.made.repository.records()
        let root = try #require(try TreeCursor(records[0].root, reader: reader).next())
        let large = try #require(
            try TreeCursor(root.content ?? .empty, reader: reader).advance(to: Array("large".utf8)))
        let place = try #require(index.place(of: large.content?.items.first?.id ?? ChunkID(high: 0, low: 0)))
        let frame = index.frame(place.frame)
        let pack = index.pack(frame.pack)
        checked.store.damage(pack.name) { $0[Int(frame.offset) + 5] ^= 1 }
        let part = try #require(
            (2...1000).lazy.flatMap { count in (1...count).lazy.compactMap { DataPart("\($0)/\(count)") } }
                .first { $0.contains(large.entry.digest) && !$0.contains(pack.id) })
        let named = try check(checked.store, part: part).damages.map(\.object)
        let files = records.map { "snapshot \($0.shortIdentifier): web/large" }
        #expect(Set(named).isSuperset(of: [pack.name.text] + files), "\(named)")
        #expect(named.filter { $0 == pack.name.text }.count == 1)
    }

    @Test("a file that takes pages for its bytes is named, and no pack for it")
    func pagesForBytes() throws {
        let forgery = try Forgery()
        let items = try ["x", "y"].map { try forgery.page([forgery.file($0, [1])]).items[0] }
        let content = Content(length: items.reduce(0) { $0 + $1.covered }, depth: 0, items: items)
        let record = try forgery.commit(web: forgery.page([.file("f", content, digest: sha256([1]))]))
        for part in try [.whole] + (1...3).map({ try #require(DataPart("\($0)/3")) })
        where part.contains(sha256([1])) {
            let named = try check(forgery.made.store, part: part).damages.map(\.object)
            #expect(named == ["snapshot \(record.shortIdentifier): web/f"], "\(named)")
        }
    }

    @Test("compares a file that repeats most of its bytes: what it is made of counts once")
    func repeated() throws {
        for depth in [0, 1] as [UInt8] {
            let forgery = try Forgery()
            let (own, _) = try content(forgery, seed: 1)
            let zero = Content.Item(id: try forgery.chunk(.content, [UInt8](repeating: 0, count: 2000)), covered: 2000)
            var all = own.items + [Content.Item](repeating: zero, count: 60)
            let length = UInt64(all.count) * 2000
            if depth == 1 {
                all = [.init(id: try forgery.chunk(.chunkList, RawEntry.items(all)), covered: length)]
            }
            let file = Content(length: length, depth: depth, items: all)
            let record = try forgery.commit(web: forgery.page([.file("f", file, digest: sha256([1]))]))
            let outcome = try check(forgery.made.store)
            #expect(outcome.damages.map(\.object) == ["snapshot \(record.shortIdentifier): web/f"])
            #expect(outcome.filesCompared == 1 && outcome.filesNotCompared == 0)
        }
    }

    @Test(
        "a part is two numbers, the first from 1 to the second",
        arguments: [
            "", "/", "3", "3/", "/3", "0/3", "4/3", "-1/3", "+1/3", "1/0", "1/3/5", "a/b", "1 /3", "1/3 ",
            "1.0/3", "1/1000001", "99999999999999999999/99999999999999999999", "١/٣",
        ])
    func refused(text: String) { #expect(DataPart(text) == nil) }

    @Test("a part is written as people write it")
    func taken() {
        for (text, number, count) in [("1/1", 1, 1), ("31/31", 31, 31), ("07/30", 7, 30), ("1/1000000", 1, 1_000_000)] {
            #expect(DataPart(text)?.number == number && DataPart(text)?.count == count)
        }
    }
}
