import Platform
import Synchronization
import Testing

@testable import DataSources

@Suite("The sessions that restore a database")
struct PostgresJobsTests {
    /// Who reads just now, and how many did at once at most.
    private final class Readers: Sendable {
        private let counts = Mutex((now: 0, most: 0))
        private let building = Atomic<Bool>(true)

        var isBuilding: Bool { building.load(ordering: .acquiring) }
        var most: Int { counts.withLock { $0.most } }

        func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { counts.withLock { $0.now -= 1 } }

        /// Ends the building, and forgets what was.
        func endBuilding() {
            counts.withLock { $0.most = $0.now }
            building.store(false, ordering: .releasing)
        }

        /// Waits until so many read at once; not for ever.
        func wait(for count: Int) {
            for _ in 0..<10_000 where most < count { Pause.sleep(seconds: 0.001) }
        }
    }

    @Test(
        "those that read leave room to those that build, one reads always, and all read when nobody builds",
        arguments: [
            (2, [1], 1), (4, [1], 3), (4, [1, 1], 2), (4, [3], 1), (4, [4], 1), (8, [2, 3], 3), (1, [1], 1),
            (3, [9], 1),
        ])
    func share(jobs: Int, building: [Int], expected: Int) throws {
        let sharing = PostgresJobs(jobs)
        let readers = Readers()
        try ThreadScope.run { scope in
            func build(_ rest: ArraySlice<Int>) throws {
                if let processes = rest.first {
                    return try sharing.build(processes: processes) { try build(rest.dropFirst()) }
                }
                for _ in 0..<jobs {
                    scope.start("reader") {
                        while readers.isBuilding {
                            sharing.read {
                                readers.enter()
                                Pause.sleep(seconds: 0.001)
                                readers.leave()
                            }
                        }
                        sharing.read {
                            readers.enter()
                            readers.wait(for: jobs)
                            readers.leave()
                        }
                    }
                }
                readers.wait(for: expected)
                Pause.sleep(seconds: 0.05)
                #expect(readers.most == expected)
            }
            try build(building[...])
            readers.endBuilding()
        }
        #expect(readers.most == jobs)
    }

    @Test("a builder or reader that fails leaves its room to the others")
    func failures() throws {
        let sharing = PostgresJobs(1)
        #expect(throws: Failure.self) { try sharing.build(processes: 9) { throw Failure(.failed, "no") } }
        for _ in 0..<3 {
            #expect(throws: Failure.self) { try sharing.read { throw Failure(.failed, "no") } }
        }
        #expect(sharing.read { 7 } == 7)
    }

    @Test(
        "a builder gets workers of what one reader and the other builders leave",
        arguments: [
            (1, 1, 0), (2, 1, 0), (2, 2, 0), (3, 1, 1), (4, 1, 2), (4, 2, 0), (8, 1, 4), (8, 2, 2), (8, 7, 0),
            (8, 20, 0), (64, 3, 4), (4, 0, 0),
        ])
    func workers(jobs: Int, indexes: Int, expected: Int) {
        #expect(PostgresIndexBuilder.workers(jobs: jobs, builders: indexes) == expected)
    }

    @Test(
        "the sort of an index by number gets what holds all of it, as long as that is no more than its share",
        arguments: [
            (1_000, 2, 1, 65_536), (5_000_000, 2, 1, 390_625), (6_710_886, 2, 1, 524_287), (6_720_000, 2, 1, 65_536),
            (5_000_000, 2, 2, 65_536), (3_000_000, 2, 2, 234_375), (3_000_000, 2, 9, 234_375),
            (5_000_000, 1, 1, 65_536), (UInt64.max, 2, 1, 65_536), (0, 0, 0, 65_536),
        ] as [(UInt64, Int, Int, Int)])
    func sortMemory(rows: UInt64, jobs: Int, builders: Int, expected: Int) {
        let memory = PostgresSortMemory(jobs: jobs, builders: builders, workers: 0)
        #expect(memory.kilobytes(rows: rows, isByNumber: true) == expected)
        // Text is compared more slowly than what is merged is read, and helpers share what there is.
        #expect(memory.kilobytes(rows: rows, isByNumber: false) == 65_536)
        let helped = PostgresSortMemory(jobs: jobs, builders: builders, workers: 3)
        #expect(helped.kilobytes(rows: rows, isByNumber: true) == 4 * 65_536)
    }
}
