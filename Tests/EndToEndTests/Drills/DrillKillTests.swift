import Formats
import Glibc
import Platform
import TestDoubles
import Testing

/// A drill is killed, or told to stop, in every phase and at places inside them. Each test is one shop, one user, and
/// a list of places one after the other; `DRILL_KILLS=all` makes the lists whole.
@Suite("Drills that are killed", .serialized)
struct DrillKillTests {
    /// Where a drill is when it is hit.
    enum Place: CustomStringConvertible {
        /// Waiting at a point.
        case point(String)
        /// When the file of an area holds a text.
        case text(String, in: String)
        /// At a call of its own that changes a file system.
        case call(Int, of: Int)

        /// Whether it may be in teardown, or after it.
        var mayBeAtTheEnd: Bool {
            switch self {
            case .point(let name): name == "stubborn-1"
            case .text: false
            case .call: true
            }
        }

        var description: String {
            switch self {
            case .point(let name): name
            case .text(let text, let file): "“\(text)” in \(file)"
            case .call(let number, let total): "call \(number) of \(total)"
            }
        }
    }

    private static let isWhole = Environment.value("DRILL_KILLS") == "all"

    /// One in every phase, in their order.
    private static let points: [Place] = [
        .point("initdb-1"), .point("postgres-1"), .point("pg_restore-1"), .point("pg_restore-2"),
        .text("received fast shutdown request", in: "pg.log"), .point("postgres-2"), .point("slow-1"),
        .point("before-1"), .point("gate-1"), .point("audit-1"), .point("gate-2"), .point("stubborn-1"),
    ]

    /// A shop and the drill of it that passes all the points.
    private struct Drilled {
        let shop: DrilledShop
        let policy: String
        var remains: DrillRemains

        init(_ purpose: String, user: UInt32? = nil) throws {
            shop = try DrilledShop(purpose, user: user)
            remains = DrillRemains(shop)
            policy = try shop.policy(
                "kill", start: shop.web() + shop.points.start, checks: shop.points.checks + shop.checks,
                drill: "postgres: { binaries: \"\(shop.points.binaries)\" }")
        }

        var words: [String] {
            ["drill", "--json", "--policy", policy, "--before-checks", shop.points.beforeChecks, "--prove-checks"]
        }

        /// How many calls a drill makes that change a file system.
        func calls() throws -> Int {
            let file = "\(shop.salvor.staging)/../points/seen/total"
            try shop.points.stop(at: nil)
            let result = try shop.finish(shop.start(words, preload: CallCounter.counting(to: file)))
            try #require(result.exit == 0, "\(result.said)")
            return try CallCounter.total(in: file)
        }

        /// Runs a drill until it is at the place and sends it the signal there. Nil when it ended before.
        mutating func hit(_ place: Place, by signal: Int32) throws -> (Salvor.Result, hadArea: Bool)? {
            var preload: [String: String] = [:]
            if case .call(let number, _) = place { preload = try CallCounter.stopping(at: number, by: signal) }
            if case .point(let name) = place { try shop.points.stop(at: name) } else { try shop.points.stop(at: nil) }
            // The proof of a check ends the programs; without it, they end in teardown.
            var words = words
            if case .point("stubborn-1") = place { words.removeLast() }
            let child = try shop.start(words, preload: preload)
            if case .call = place {
                let result = try shop.finish(child)
                let hadArea = try remains.remember()
                return signal == SIGKILL && result.signal != SIGKILL ? nil : (result, hadArea)
            }
            while !isAt(place) {
                guard child.endingIfAny() == nil else { return nil }
                Pause.sleep(seconds: 0.001)
            }
            let hadArea = try remains.remember()
            child.signal(signal, group: false)
            return (try shop.finish(child), hadArea)
        }

        private func isAt(_ place: Place) -> Bool {
            guard case .text(let text, let file) = place else { return shop.points.isHit }
            return ((try? shop.staged()) ?? []).contains { area in
                let path = Array("\(shop.salvor.staging)/\(area)/\(file)".utf8)
                guard let log = try? FileTree.read(path, limit: 1 << 20) else { return false }
                return String(decoding: log, as: UTF8.self).contains(text)
            }
        }

        /// A drill that nobody stops: green, nothing is left, and what it removed is told.
        mutating func next(after place: Place, removed: Bool) throws {
            try shop.points.stop(at: nil)
            let next = try shop.finish(shop.start(words))
            #expect(next.exit == 0, "after \(place): \(next.said)")
            if removed {
                let findings = try next.json()["findings"]?.elements ?? []
                let told = findings.contains { $0["sentence"]?.text?.hasPrefix("removed what a drill") == true }
                #expect(told, "after \(place): what was removed is not told: \(next.said)")
            }
            let left = try remains.all()
            #expect(left == [], "after \(place), and the next drill")
        }
    }

    /// The places at calls: where staging begins, spread over all, and where the report is stored.
    private func calls(_ drilled: Drilled, spread: Int) throws -> [Place] {
        let total = try drilled.calls()
        #expect(total >= 100, "salvor's calls are counted: \(total)")
        let last = [0, 1, 2, 4, 6, 9].map { total - $0 }
        let numbers = Set([1, 2, 3, 5, 8] + last + CallCounter.places(spread, of: total)).sorted()
        return numbers.map { .call($0, of: total) }
    }

    private func kill(_ drilled: inout Drilled, _ places: [Place]) throws -> Int {
        var hits = 0
        for place in places {
            guard let (result, hadArea) = try drilled.hit(place, by: SIGKILL) else { continue }
            #expect(result.signal == SIGKILL, "\(place): \(result.said)")
            hits += 1
            try drilled.next(after: place, removed: hadArea)
        }
        let salvor = drilled.shop.salvor
        try salvor.succeeds("check", "--read-data")
        try salvor.succeeds("backup", "\(salvor.folder.path)/points")
        return hits
    }

    @Test("as root: whatever a killed drill left is removed by the next one, which says so and is green")
    func killedAsRoot() throws {
        var drilled = try Drilled("killed")
        let places = Self.points + (try calls(drilled, spread: Self.isWhole ? 30 : 3))
        let hits = try kill(&drilled, places)
        #expect(hits >= max(20, places.count - 2), "\(hits) of \(places.count) places were hit")
    }

    @Test("as an ordinary user: whatever a killed drill left is removed by the next one, which says so and is green")
    func killedAsUser() throws {
        var drilled = try Drilled("killed", user: DrilledShop.nobody)
        let places =
            Self.isWhole ? Self.points + (try calls(drilled, spread: 8)) : [0, 2, 6, 8, 11].map { Self.points[$0] }
        let hits = try kill(&drilled, places)
        #expect(hits >= places.count - 2, "\(hits) of \(places.count) places were hit")
    }

    @Test(
        "a drill that is told to stop leaves nothing at once, and ends with 143 after SIGTERM, 130 after SIGINT",
        arguments: [nil, DrilledShop.nobody])
    func stopped(user: UInt32?) throws {
        var drilled = try Drilled("stopped", user: user)
        let places = Self.isWhole ? Self.points + (try calls(drilled, spread: 8)) : Self.points
        let chosen = Self.isWhole || user == nil ? places : [1, 3, 6, 10].map { places[$0] }
        for (number, place) in chosen.enumerated() {
            for signal in Self.isWhole ? [SIGTERM, SIGINT] : [number % 2 == 0 ? SIGTERM : SIGINT] {
                guard let (result, _) = try drilled.hit(place, by: signal) else {
                    Issue.record("\(place) was not reached")
                    continue
                }
                // A drill whose checks have all been asked has its answer: it goes on removing, and tells it.
                let stopped: Int32 = signal == SIGTERM ? 143 : 130
                let expected = place.mayBeAtTheEnd ? [0, stopped] : [stopped]
                #expect(expected.contains(result.exit), "\(place): \(result.said)")
                let left = try drilled.remains.all(patience: 0.2)
                #expect(left == [], "\(place), signal \(signal)")
            }
        }
        try drilled.next(after: .point("all of them"), removed: false)
        try drilled.shop.salvor.succeeds("check", "--read-data")
    }
}
