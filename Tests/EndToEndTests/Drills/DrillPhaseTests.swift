import Formats
import Platform
import TestDoubles
import Testing

/// Time is told where it was spent: two seconds added from outside show up in the phase that they were added to.
@Suite("Phases of drills")
struct DrillPhaseTests {
    /// The seconds of each phase in a report.
    private struct Shares {
        var seconds: [String: Double] = [:]
        var counted = 0.0
        var measured = 0.0
        /// From the drill's start to its end, by the wall clock.
        var whole = 0.0

        init(_ result: Salvor.Result) throws {
            let report = try result.json()
            for phase in try #require(report["phases"]?.elements, "\(result.said)") {
                let share = try #require(phase["seconds"]?.real)
                seconds[try #require(phase["name"]?.text)] = share
                if phase["counted"]?.flag == true { counted += share }
            }
            measured = try #require(report["measured"]?["recoverySeconds"]?.real, "\(result.said)")
            whole = try Self.instant(report["ended"]) - Self.instant(report["started"])
        }

        private static func instant(_ value: JSONValue?) throws -> Double {
            let parts = try #require(value?.text.flatMap { Timestamp.parse($0) })
            return Double(parts.seconds) + Double(parts.nanoseconds) / 1e9
        }
    }

    /// What waits, and in which phase that is.
    private static let delays: [(point: String, phase: String)] = [
        ("initdb-1", "provision"), ("postgres-1", "provision"), ("pg_restore-2", "fetch and load"),
        ("postgres-2", "start"), ("slow-1", "start"), ("before-1", "before-checks command"), ("gate-1", "prove"),
        ("audit-1", "audit checks"), ("gate-2", "proof of the checks"), ("stubborn-1", "teardown"),
    ]
    private static let added = 2

    @Test("the shares add up, and two seconds that are added to a phase are in its share and in no other one")
    func addUp() throws {
        let shop = try DrilledShop("phases")
        let policy = try shop.policy(
            "phases", start: shop.web() + shop.points.start, checks: shop.points.checks + shop.checks,
            drill: "postgres: { binaries: \"\(shop.points.binaries)\" }")
        func shares(waitingAt point: String?) throws -> Shares {
            try shop.points.stop(at: point, seconds: Self.added)
            // The proof of a check ends the programs, so that there would be none to wait for at the end.
            let proof = point == "stubborn-1" ? [] : ["--prove-checks"]
            let result = try shop.drill(policy, ["--before-checks", shop.points.beforeChecks] + proof)
            #expect(result.exit == 0, "\(result.said)")
            return try Shares(result)
        }
        let plain = try shares(waitingAt: nil)
        for (point, phase) in Self.delays {
            // A machine that is busy with something else can only add time: what one of five shows is so.
            var elsewhere: [String: Double] = [:]
            for _ in 0..<5 {
                let delayed = try shares(waitingAt: point)
                #expect(abs(delayed.counted - delayed.measured) < 1e-6, "\(point)")
                let sum = delayed.seconds.values.reduce(0, +)
                #expect(abs(sum - delayed.whole) < 0.01 * delayed.whole + 0.1, "\(point): \(delayed)")
                #expect((delayed.seconds[phase] ?? 0) >= Double(Self.added), "\(point): \(delayed)")
                elsewhere = delayed.seconds.filter { $0.key != phase && $0.value - (plain.seconds[$0.key] ?? 0) > 1.2 }
                if elsewhere.isEmpty { break }
            }
            #expect(elsewhere == [:], "\(point)")
        }
    }
}
