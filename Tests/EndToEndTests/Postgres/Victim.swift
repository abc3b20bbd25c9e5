import Glibc
import Platform

/// The process to kill, which may be asked for before it is known.
final class Victim: @unchecked Sendable {
    private let lock = Lock()
    private var process: ChildProcess?

    func set(_ process: ChildProcess) {
        lock.locked {
            self.process = process
            lock.wakeAll()
        }
    }

    /// Kills the program alone: what it started must notice by itself.
    func kill() {
        lock.locked {
            while process == nil { lock.wait() }
            process?.signal(SIGKILL, group: false)
        }
    }
}
