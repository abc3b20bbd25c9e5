import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("Records whose writer's clock was ahead")
struct FutureRecordsTests {
    /// Runs a verb by a clock that is so many seconds ahead.
    private func run(_ workshop: Workshop, ahead: Int64, _ words: String...) -> Said {
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: [
                "SALVOR_PASSWORD": workshop.password, "SALVOR_REPOSITORY": workshop.repository, "PATH": "/usr/bin:/bin",
            ],
            workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(),
            clock: ManualClock(seconds: SystemClock().now().seconds + ahead))
        return Said(
            exit: program.run(words.map { Array($0.utf8) }), output: console.output, errors: console.errors)
    }

    @Test("the metrics tell of the newest data that does not lie in the future, and how many records do")
    func metrics() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init", "--no-recovery-key").exit == 0)
        try FileTree.makeDirectories(workshop.folder.path("staging"), mode: 0o755)
        let now = SystemClock().now().seconds
        #expect(run(workshop, ahead: -7200, "backup", "shop", "--system", "web").exit == 0)
        #expect(run(workshop, ahead: -3600, "drill", "-q", "--staging", "staging", "--system", "web").exit == 0)
        #expect(run(workshop, ahead: 86_400, "backup", "shop", "--system", "web").exit == 0)
        #expect(run(workshop, ahead: 86_500, "drill", "-q", "--staging", "staging", "--system", "web").exit == 0)
        func value(_ name: String, ahead: Int64 = 0) throws -> Int64 {
            let lines = run(workshop, ahead: ahead, "report", "--format", "prometheus").output.split(separator: "\n")
            let labels = "repository=\"\(workshop.repository)\",system=\"web\""
            let line = try #require(lines.first { $0.hasPrefix("\(name){\(labels)} ") })
            return try #require(line.split(separator: " ").last.flatMap { Int64($0) })
        }
        func isAbout(_ seconds: Int64, _ wanted: Int64) -> Bool { (wanted...(wanted + 300)).contains(seconds) }
        let data = "salvor_recovery_point_data_timestamp_seconds"
        let committed = "salvor_recovery_point_committed_timestamp_seconds"
        #expect(isAbout(try value(data), now - 7200))
        #expect(isAbout(try value(committed), now - 7200))
        #expect(isAbout(try value("salvor_drill_last_timestamp_seconds"), now - 3600))
        #expect(isAbout(try value("salvor_drill_last_success_timestamp_seconds"), now - 3600))
        #expect(try value("salvor_future_records") == 2)
        #expect(try value("salvor_recovery_points") == 2)
        #expect(try value("salvor_drills") == 2)
        // When the time has come they count as all others.
        #expect(isAbout(try value(data, ahead: 90_000), now + 86_400))
        #expect(try value("salvor_future_records", ahead: 90_000) == 0)
        // Clocks that differ a little are no matter.
        #expect(try value("salvor_future_records", ahead: 86_480) == 0)
    }
}
