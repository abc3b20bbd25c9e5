import CLinux
import Glibc

/// Waiting for a child while somebody may want to stop: `idle` is called several times a second, and throws for it.
extension ChildProcess {
    /// Reads the child's standard output into `buffer` (it was started with `.pipe`); 0 is the end.
    package func readOutput(into buffer: inout Buffer, idle: () throws -> Void) throws -> Int {
        try Readiness.waitToRead(output, idle: idle)
        return try readOutput(into: &buffer)
    }

    /// Waits for the end.
    package func wait(idle: () throws -> Void) throws -> Ending {
        let number = linux_process_open(identifier)
        if number >= 0 {
            let process = FileDescriptor(owning: number)
            try Readiness.waitToRead(process.number, idle: idle)
        }
        return try wait()
    }
}
