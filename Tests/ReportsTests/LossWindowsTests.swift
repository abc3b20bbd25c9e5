import Platform
import Testing

@testable import Reports

/// How much data a loss would have cost, moment by moment.
struct LossWindowsTests {
    private func point(data: Int64, committed: Int64) -> RecoveryPoint {
        RecoveryPoint(
            "\(data)", dataTime: Instant(seconds: data), committed: Instant(seconds: committed), bytes: 1)
    }

    @Test("a window reaches from a snapshot's data to the commit of the next, not to its data")
    func countsTheWayToTheCommit() throws {
        let points = [
            point(data: 0, committed: 10), point(data: 100, committed: 140), point(data: 200, committed: 210),
        ]
        let windows = LossWindows(points, length: 1000, before: Instant(seconds: 250))
        #expect(windows.rises.map(\.lossAfter) == [140, 110, 50])
        #expect(windows.rises.map { $0.to - $0.from } == [130, 70, 40])
        #expect(windows.worst?.lossAfter == 140)
        #expect(windows.now == 50)
        #expect(windows.count(over: 100) == 2)
    }

    @Test("what began before the time that is looked at counts, and what was committed after it does not")
    func cutsAtTheBorders() {
        let points = [
            point(data: 0, committed: 10), point(data: 900, committed: 901), point(data: 990, committed: 2000),
        ]
        let windows = LossWindows(points, length: 500, before: Instant(seconds: 1000))
        #expect(windows.rises.map(\.from) == [0, 401])
        #expect(windows.rises.map(\.lossBefore) == [500, 1])
        #expect(windows.rises.map(\.lossAfter) == [901, 100])
    }

    @Test("a snapshot of older data that is committed later makes nothing worse or better")
    func keepsTheNewest() {
        let points = [point(data: 50, committed: 60), point(data: 10, committed: 70)]
        let windows = LossWindows(points, length: 100, before: Instant(seconds: 100))
        #expect(windows.now == 50)
        #expect(windows.worst?.lossAfter == 50)
    }

    @Test("without snapshots there is no window, and clocks of any age do not matter")
    func survivesAnything() {
        #expect(LossWindows([], length: 100, before: Instant(seconds: 0)).rises.isEmpty)
        let ages = [
            point(data: .min, committed: .min), point(data: .max, committed: 5), point(data: 3, committed: .max),
        ]
        let windows = LossWindows(ages, length: 100, before: Instant(seconds: 50))
        #expect(windows.rises.count == 2)
        #expect(windows.rises.allSatisfy { $0.lossBefore >= 0 })
    }

    @Test("marks on a scale are round, few, and inside")
    func marksScales() {
        for largest in [0, 0.3, 7, 59, 1872, 10_000, 90_000, 4e6, 1e12, 1e300, .infinity] {
            let scale = ChartScale(holding: [largest])
            #expect((1...5).contains(scale.marks(4).count), "\(largest)")
            #expect(scale.marks(4).allSatisfy { (0...100).contains(scale.percent($0)) }, "\(largest)")
        }
        #expect(ChartScale(holding: [1872]).marks(4).map(ChartScale.label) == ["0", "10 min", "20 min", "30 min"])
        #expect(ChartScale.label(5400) == "1.5 h")
        #expect(ChartScale.label(0.05) == "0.05 s")
    }
}
