import Platform

/// The sessions that work at the same time when rows are read back beside the building of indexes.
///
/// Builders go first, for more has to wait for an index than for a sum: statistics, foreign keys, the comparison of the
/// definitions. With readers on every core a builder would be the last to end, and alone with the machine.
final class PostgresJobs: @unchecked Sendable {
    private let jobs: Int
    private let lock = Lock()
    private var building = 0
    private var reading = 0

    /// Takes how many sessions may be at work.
    init(_ jobs: Int) { self.jobs = max(1, jobs) }

    /// Runs a stretch of building that keeps `processes` of the server's processes busy. It waits for nobody.
    func build<Answer>(processes: Int, _ body: () throws -> Answer) rethrows -> Answer {
        lock.locked { building += processes }
        defer {
            lock.locked {
                building -= processes
                lock.wakeAll()
            }
        }
        return try body()
    }

    /// Runs a stretch of reading. Of several readers all but one wait until the builders leave them room.
    func read<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
        lock.locked {
            while reading >= max(1, jobs - building) { lock.wait() }
            reading += 1
        }
        defer {
            lock.locked {
                reading -= 1
                lock.wakeAll()
            }
        }
        return try body()
    }
}
