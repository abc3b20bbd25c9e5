import Glibc
import Platform
import Storage
import Synchronization
import TestDoubles
import Testing

/// What every store must do; a test runs it over each. `makeStore` answers an empty store, opened anew each time.
package struct ObjectStoreSuite: Sendable {
    private let makeStore: @Sendable () throws -> any ObjectStore

    /// Takes the way to an empty store.
    package init(_ makeStore: @escaping @Sendable () throws -> any ObjectStore) { self.makeStore = makeStore }

    /// All promises, each under its name.
    package func run() throws {
        try objectsComeBack()
        try takenNamesStay()
        try rangesAreExact()
        try absentObjectsAreNamed()
        try listsAreCompleteAndOrdered()
        try removalIsFinal()
        try pendingObjectsAreWholeOrNothing()
        try oneCreatorWins()
        try listsMeetWriters()
    }

    private func objectsComeBack() throws {
        let store = try makeStore()
        let random = SeededRandomness(seed: 1)
        for length in [0, 1, 4095, 4096, 4097, 1 << 20] {
            let name = ObjectName("index", random.bytes(16))
            let bytes = random.bytes(length)
            #expect(try store.create(name, bytes) == .created)
            #expect(try store.read(name, limit: length) == bytes)
            #expect(try store.length(name) == UInt64(length))
        }
    }

    private func takenNamesStay() throws {
        let store = try makeStore()
        let name = try object("snapshots/aa")
        #expect(try store.create(name, [1, 2, 3]) == .created)
        #expect(try store.create(name, [4, 5]) == .exists)
        let pending = try store.begin()
        try pending.append([6])
        #expect(try pending.finish(as: name) == .exists)
        #expect(try store.read(name, limit: 10) == [1, 2, 3], "the first content stays")
    }

    private func rangesAreExact() throws {
        let store = try makeStore()
        let name = ObjectName(pack: SeededRandomness(seed: 2).bytes(32))
        let bytes = SeededRandomness(seed: 3).bytes(10_000)
        _ = try store.create(name, bytes)
        for (offset, count) in [(0, 0), (0, 1), (0, 10_000), (9_999, 1), (10_000, 0), (1234, 5678)] {
            var buffer = Buffer(capacity: count + 3)
            for byte: UInt8 in [7, 8, 9] { buffer.append(byte) }
            try store.read(name, offset: UInt64(offset), count: count, into: &buffer)
            #expect(buffer.array() == [7, 8, 9] + bytes[offset..<offset + count])
        }
        for (offset, count) in [(UInt64(9_999), 2), (10_001, 0), (UInt64.max, 2), (UInt64(Int64.max), 1)] {
            var buffer = Buffer(capacity: count)
            let failure = problem { try store.read(name, offset: offset, count: count, into: &buffer) }
            #expect(failure?.kind == .damaged, "\(count) bytes at \(offset)")
            #expect(failure?.description.contains(name.text) == true, "the object is named")
        }
        #expect(problem { try store.read(name, limit: 9_999) }?.kind == .damaged, "more than the cap")
    }

    private func absentObjectsAreNamed() throws {
        let store = try makeStore()
        let name = try object("keys/00")
        _ = try store.create(try object("keys/01"), [])
        for attempt: () throws -> Void in [
            { _ = try store.read(name, limit: 1) },
            { _ = try store.length(name) },
            {
                var buffer = Buffer(capacity: 1)
                try store.read(name, offset: 0, count: 1, into: &buffer)
            },
        ] {
            let failure = problem(attempt)
            #expect(failure?.systemError == ENOENT)
            #expect(failure?.description.contains("keys/00") == true)
        }
        try store.remove(name)
        try store.remove(object("nowhere/00"))
        #expect(try names(in: "nowhere", of: store) == [])
    }

    private func listsAreCompleteAndOrdered() throws {
        let store = try makeStore()
        let random = SeededRandomness(seed: 4)
        var packs: [String: UInt64] = [:]
        for _ in 0..<300 {
            let name = ObjectName(pack: random.bytes(32))
            let bytes = random.bytes(random.next(below: 50))
            _ = try store.create(name, bytes)
            packs[name.text] = UInt64(bytes.count)
        }
        // A folder's slash sorts after a dot: the order is that of whole names.
        let odd = ["packs/ab.x", "packs/ab/y", "packs/ab-z", "salvor.json", "RECOVER.txt", "packs2/aa"]
        for text in odd { _ = try store.create(try object(text), [1]) }
        var listed: [String: UInt64] = [:]
        var order: [String] = []
        try store.list("packs") {
            listed[$0.name.text] = $0.length
            order.append($0.name.text)
        }
        for text in odd.prefix(3) { packs[text] = 1 }
        #expect(listed == packs)
        #expect(order == packs.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(try names(in: "", of: store).count == packs.count + 3, "the whole store, other folders too")
        struct Enough: Error {}
        var seen = 0
        #expect(throws: Enough.self, "a listener's own error comes through") {
            try store.list("packs") { _ in
                seen += 1
                if seen == 5 { throw Enough() }
            }
        }
        #expect(seen == 5)
    }

    private func removalIsFinal() throws {
        let store = try makeStore()
        let name = try object("sessions/ab")
        _ = try store.create(name, [1])
        try store.remove(name)
        try store.remove(name)
        #expect(problem { try store.length(name) }?.systemError == ENOENT)
        #expect(try names(in: "sessions", of: store) == [])
        #expect(try store.create(name, [2]) == .created)
        #expect(try store.read(name, limit: 1) == [2])
    }

    private func pendingObjectsAreWholeOrNothing() throws {
        let store = try makeStore()
        let name = ObjectName(pack: [UInt8](repeating: 0xab, count: 32))
        do {
            let dropped = try store.begin()
            try dropped.append(SeededRandomness(seed: 5).bytes(100_000))
        }
        let pending = try store.begin()
        var whole: [UInt8] = []
        for piece in 0..<10 {
            let bytes = SeededRandomness(seed: UInt64(piece)).bytes(50_000)
            try pending.append(bytes)
            whole += bytes
            #expect(try names(in: "", of: store) == [], "nothing shows before the end")
        }
        #expect(try pending.finish(as: name) == .created)
        #expect(try names(in: "", of: store) == [name.text])
        #expect(try store.read(name, limit: whole.count) == whole)
    }

    private func oneCreatorWins() throws {
        let store = try makeStore()
        let tries = 20
        let contenders = 8
        let winners = Mutex<[String: UInt8]>([:])
        try ThreadScope.run { scope in
            for contender in 0..<contenders {
                scope.start("creator") {
                    for number in 0..<tries {
                        let name = ObjectName("snapshots", [UInt8(number)])
                        let bytes = [UInt8](repeating: UInt8(contender), count: 20_000)
                        guard try store.create(name, bytes) == .created else { continue }
                        let others = winners.withLock { $0.updateValue(UInt8(contender), forKey: name.text) }
                        #expect(others == nil, "two creators of \(name) were told that they are first")
                    }
                }
            }
        }
        let all = winners.withLock { $0 }
        #expect(all.count == tries)
        for (text, winner) in all {
            let bytes = try store.read(try object(text), limit: 20_000)
            #expect(bytes == [UInt8](repeating: winner, count: 20_000), "the winner's bytes, whole")
        }
    }

    private func listsMeetWriters() throws {
        let store = try makeStore()
        let answered = Mutex<Set<String>>([])
        let done = Mutex(false)
        try ThreadScope.run { scope in
            scope.start("writer") {
                defer { done.withLock { $0 = true } }
                for number in 0..<400 {
                    let name = ObjectName(pack: SeededRandomness(seed: UInt64(number)).bytes(32))
                    _ = try store.create(name, [UInt8](repeating: 1, count: 100))
                    answered.withLock { _ = $0.insert(name.text) }
                }
            }
            var last = false
            while !last {
                last = done.withLock { $0 }
                let before = answered.withLock { $0 }
                var shown: Set<String> = []
                try store.list("packs") {
                    shown.insert($0.name.text)
                    #expect($0.length == 100, "an object shows whole")
                }
                #expect(before.isSubset(of: shown), "a list shows what was answered before it began")
            }
        }
    }

    private func object(_ text: String) throws -> ObjectName { try #require(ObjectName(text)) }

    private func names(in folder: String, of store: any ObjectStore) throws -> [String] {
        var names: [String] = []
        try store.list(folder) { names.append($0.name.text) }
        return names
    }

    private func problem<Answer>(_ body: () throws -> Answer) -> Failure? {
        do {
            _ = try body()
            return nil
        } catch { return Failure(error) }
    }
}
