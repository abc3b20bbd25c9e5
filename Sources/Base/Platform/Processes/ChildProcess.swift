import CLinux
import Glibc

/// A program that we started: spawned without a shell, waited for without polling, ended as a whole process group.
///
/// Whoever starts one waits for it; dropped before, it runs on.
package final class ChildProcess: @unchecked Sendable {
    /// Where one of the child's standard streams goes.
    package enum Stream: Sendable {
        case null
        case inherited
        /// The number of a descriptor that stays open until the child runs.
        case descriptor(Int32)
        /// A pipe to us.
        case pipe
    }

    /// How a child ended.
    package struct Ending: Sendable, Equatable {
        /// The exit code, -1 when a signal killed it.
        package var code: Int32
        /// The signal that killed it, 0 when none did.
        package var signal: Int32
        /// Whether it ended by itself with exit code 0.
        package var succeeded: Bool { code == 0 && signal == 0 }
        /// In words: `exit 2`, `killed by signal 9`.
        package var words: String { signal != 0 ? "killed by signal \(signal)" : "exit \(code)" }
    }

    /// The kernel's number of the process.
    package private(set) var identifier: pid_t = 0
    /// The program and its arguments.
    package let arguments: [String]
    /// Our ends of the child's pipes, -1 where it has none.
    private(set) var output: Int32 = -1
    private(set) var errors: Int32 = -1
    private(set) var input: Int32 = -1
    private let leadsGroup: Bool
    private let lock = Lock()
    private var ending: Ending?

    /// Starts `arguments[0]` (looked up in PATH when it holds no `/`).
    ///
    /// The environment is exactly `environment`. Only descriptors 0, 1 and 2 reach the child. SIGPIPE is ignored from
    /// now on: a child that no longer reads is an error of a write, not our end.
    package init(
        _ arguments: [String], environment: [String: String], input: Stream = .null, output: Stream = .inherited,
        errors: Stream = .inherited, directory: String? = nil, ownGroup: Bool = true
    ) throws {
        precondition(!arguments.isEmpty)
        self.arguments = arguments
        leadsGroup = ownGroup
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        let program = try Self.find(arguments[0], in: environment["PATH"])
        var ends: [Int32] = []
        defer { for end in ends { _ = close(end) } }
        let streams = [
            try Self.connect(input, standard: 0, ours: &self.input, theirs: &ends),
            try Self.connect(output, standard: 1, ours: &self.output, theirs: &ends),
            try Self.connect(errors, standard: 2, ours: &self.errors, theirs: &ends),
        ]
        let words = arguments.map { CString($0) }
        let variables = environment.sorted { $0.key < $1.key }.map { CString("\($0.key)=\($0.value)") }
        let argv = unsafe Self.vector(words)
        let envp = unsafe Self.vector(variables)
        let path = CString(program)
        let folder = directory.map { CString($0) }
        let code = unsafe linux_spawn(path.pointer, argv, envp, streams, folder?.pointer, ownGroup ? 1 : 0, &identifier)
        withExtendedLifetime((words, variables)) {}
        if code != 0 { throw Failure.system("start", arguments[0], errno: code) }
    }

    deinit {
        for number in [input, output, errors] where number >= 0 { _ = close(number) }
    }

    /// The descriptor for a stream of the child; a pipe's other end is kept in `keep`.
    private static func connect(
        _ stream: Stream, standard: Int32, ours keep: inout Int32, theirs ends: inout [Int32]
    ) throws(Failure) -> Int32 {
        switch stream {
        case .null: return -1
        case .inherited: return standard
        case .descriptor(let number): return number
        case .pipe:
            var pair: [Int32] = [0, 0]
            _ = try call("make", "a pipe") { unsafe linux_pipe(&pair) }
            keep = standard == 0 ? pair[1] : pair[0]
            let end = standard == 0 ? pair[0] : pair[1]
            ends.append(end)
            return end
        }
    }

    /// Pointers to the words, and a nil; valid as long as the words live.
    private static func vector(_ words: [CString]) -> [UnsafeMutablePointer<CChar>?] {
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe []
        for word in words { unsafe pointers.append(UnsafeMutablePointer(mutating: word.pointer)) }
        unsafe pointers.append(nil)
        return unsafe pointers
    }

    /// The full path of a program: as given when it holds a `/`, else the first executable of that name in PATH.
    package static func find(_ name: String, in path: String?) throws(Failure) -> String {
        if name.utf8.contains(UInt8(ascii: "/")) { return name }
        for folder in (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let candidate = "\(folder)/\(name)"
            let text = CString(candidate)
            if unsafe access(text.pointer, X_OK) == 0 { return candidate }
        }
        throw Failure(.failed, "the program \(name) is not installed here (not found in PATH)", systemError: ENOENT)
    }

    /// Reads the child's standard output into `buffer` (it was started with `.pipe`); 0 is the end.
    package func readOutput(into buffer: inout Buffer) throws(Failure) -> Int {
        try FileDescriptor.read(from: output, into: &buffer)
    }

    /// The same, while what the child says on its standard error (also `.pipe`) is kept in `complaints`, at most
    /// `limit` bytes of it: neither pipe can fill up and stop the child. At the end both have been read to their ends.
    package func readOutput(
        into buffer: inout Buffer, complaints: inout [UInt8], limit: Int = 64 << 10
    ) throws(Failure) -> Int {
        var scratch = Buffer(capacity: 4096)
        while true {
            var polls = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = unsafe poll(&polls, nfds_t(polls.count), -1)
            if ready < 0 {
                if errno == EINTR { continue }
                throw Failure.system("wait for", arguments[0])
            }
            if errors >= 0, polls[1].revents != 0 {
                scratch.clear()
                if try FileDescriptor.read(from: errors, into: &scratch) == 0 {
                    _ = close(errors)
                    errors = -1
                }
                if complaints.count < limit { complaints.append(scratch.bytes) }
            }
            if output >= 0, polls[0].revents != 0 {
                let count = try FileDescriptor.read(from: output, into: &buffer)
                if count > 0 { return count }
                _ = close(output)
                output = -1
            }
            if output < 0, errors < 0 { return 0 }
        }
    }

    /// Writes to the child's standard input (it was started with `.pipe`).
    package func write(_ bytes: Span<UInt8>) throws(Failure) {
        try FileDescriptor.write(bytes, to: input)
    }

    /// Ends the child's standard input.
    package func closeInput() {
        if input >= 0 { _ = close(input) }
        input = -1
    }

    /// Waits for the end. Meanwhile other threads may ask and signal.
    @discardableResult
    package func wait() throws(Failure) -> Ending {
        if let ending = endingIfAny() { return ending }
        if linux_await(identifier) != 0, errno != ECHILD { throw Failure.system("wait for", arguments[0]) }
        if let ending = endingIfAny() { return ending }
        throw Failure.system("wait for", arguments[0], errno: ECHILD)
    }

    /// The ending, when it has ended already; does not wait.
    package func endingIfAny() -> Ending? {
        lock.locked {
            if let ending { return ending }
            var code: Int32 = 0
            var signal: Int32 = 0
            if unsafe linux_wait(identifier, 0, &code, &signal) == 1 { ending = Ending(code: code, signal: signal) }
            return ending
        }
    }

    /// Sends a signal to the child's whole process group, if it leads one, or to it alone.
    package func signal(_ number: Int32, group: Bool = true) {
        let whole = group && leadsGroup
        if endingIfAny() == nil || whole { _ = kill(whole ? -identifier : identifier, number) }
    }

    /// Ends the child and its group: politely first, after `graceSeconds` by SIGKILL. Answers when the child is gone.
    package func stop(graceSeconds: Double = 5) {
        let clock = SystemClock()
        let limit = clock.monotonicSeconds() + graceSeconds
        if endingIfAny() == nil { signal(SIGTERM) }
        while endingIfAny() == nil, clock.monotonicSeconds() < limit { usleep(10_000) }
        signal(SIGKILL)
        _ = try? wait()
    }
}
