import Platform

/// The programs that were started for one drill, found by what they are, not by numbers that somebody wrote down.
///
/// A program is the drill's when it has the drill's mark in its environment, or when it is a PostgreSQL server process
/// that works in the area (the server overwrites its environment, and works in its data directory). A person's shell
/// that happens to stand in the area is neither.
struct StagingProcesses {
    private let area: [UInt8]
    private let mark: String

    init(area: [UInt8], identifier: String) {
        self.area = area
        mark = "SALVOR_DRILL_ID=\(identifier)"
    }

    /// The numbers of those that run now.
    func running() -> [Int32] {
        ProcessTable.identifiers().filter { $0 != Host.processID && isOurs($0) }
    }

    /// Asks all of them to end, and makes those that do not within `graceSeconds`. Answers how many there were, and the
    /// numbers of those that are there still.
    ///
    /// Servers get SIGQUIT: what they hold is thrown away, but they give back the shared memory that outlives them.
    func end(graceSeconds: Double = 10) -> (found: Int, left: [Int32]) {
        var left = running()
        let found = left.count
        for process in left { send(isServer(process) ? Signal.quit : Signal.terminate, to: process) }
        left = wait(for: left, seconds: graceSeconds)
        for _ in 0..<50 where !left.isEmpty {
            for process in left { send(Signal.kill, to: process) }
            left = wait(for: left, seconds: 0.2)
        }
        return (found, left)
    }

    /// Waits until none is left, those included that were started meanwhile.
    private func wait(for processes: [Int32], seconds: Double) -> [Int32] {
        var left = processes
        let deadline = SystemClock().monotonicSeconds() + seconds
        while !left.isEmpty, SystemClock().monotonicSeconds() < deadline {
            Pause.sleep(seconds: 0.02)
            left = running()
        }
        return left
    }

    private func send(_ signal: Int32, to process: Int32) {
        _ = ProcessTable.signal(process, signal) { isOurs(process) }
    }

    private func isOurs(_ process: Int32) -> Bool {
        guard ProcessTable.startTime(of: process) != nil else { return false }
        return isServer(process) || ProcessTable.environment(of: process, holds: mark)
    }

    private func isServer(_ process: Int32) -> Bool {
        guard let directory = ProcessTable.workingDirectory(of: process), directory.starts(with: area),
            let program = ProcessTable.program(of: process)
        else { return false }
        let rest = directory.dropFirst(area.count)
        guard rest.isEmpty || rest.starts(with: "/".utf8) || rest.starts(with: " (deleted)".utf8) else { return false }
        let name = program.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
        return name.starts(with: "postgres".utf8)
    }
}
