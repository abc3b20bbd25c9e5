import CLinux
import Glibc

/// A program that we started: spawned without a shell, waited for without polling, ended as a whole process group.
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
        package var succeeded: Bool { code == 0 && signal == 0 }
        /// In words: `exit 2`, `killed by signal 9`.
        package var words: String { signal != 0 ? "killed by signal \(signal)" : "exit \(code)" }
    }

    /// The kernel's number of the process.
    package let identifier: pid_t
    /// The program and its arguments.
    package let arguments: [String]
    private var output: Int32 = -1
    private var errors: Int32 = -1
    private var input: Int32 = -1
    private let lock = Lock()
    private var ending: Ending?

    /// Starts `arguments[0]` (looked up in PATH when it holds no `/`).
    ///
    /// The environment is exactly `environment`. Only descriptors 0, 1 and 2 reach the child.
    package init(
        _ arguments: [String], environment: [String: String], input: Stream = .null, output: Stream = .inherited,
        errors: Stream = .inherited, directory: String? = nil, ownGroup: Bool = true
    ) throws {
        precondition(!arguments.isEmpty)
        self.arguments = arguments
        let program = try Self.find(arguments[0], in: environment["PATH"])
        var ends: [Int32] = []
        defer { for end in ends { _ = close(end) } }
        func connect(_ stream: Stream, standard: Int32, ours keep: inout Int32) throws -> Int32 {
            switch stream {
            case .null: return -1
            case .inherited: return standard
            case .descriptor(let number): return number
            case .pipe:
                var pair: [Int32] = [0, 0]
                _ = try call("make", "a pipe") { unsafe linux_pipe(&pair) }
                keep = standard == 0 ? pair[1] : pair[0]
                ends.append(standard == 0 ? pair[0] : pair[1])
                return ends[ends.count - 1]
            }
        }
        let streams = [
            try connect(input, standard: 0, ours: &self.input),
            try connect(output, standard: 1, ours: &self.output),
            try connect(errors, standard: 2, ours: &self.errors),
        ]
        let words = arguments.map { CString($0) }
        let variables = environment.sorted { $0.key < $1.key }.map { CString("\($0.key)=\($0.value)") }
        var argv = unsafe words.map {
            unsafe UnsafeMutablePointer<CChar>(mutating: $0.pointer) as UnsafeMutablePointer<CChar>?
        }
        unsafe argv.append(nil)
        var envp = unsafe variables.map {
            unsafe UnsafeMutablePointer<CChar>(mutating: $0.pointer) as UnsafeMutablePointer<CChar>?
        }
        unsafe envp.append(nil)
        let path = CString(program)
        let folder = directory.map { CString($0) }
        var child: pid_t = 0
        let code = unsafe linux_spawn(path.pointer, argv, envp, streams, folder?.pointer, ownGroup ? 1 : 0, &child)
        withExtendedLifetime((words, variables)) {}
        identifier = child
        if code != 0 { throw Failure.system("start", arguments[0], errno: code) }
    }

    deinit {
        for number in [input, output, errors] where number >= 0 { _ = close(number) }
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

    /// The same, while what the child says on its standard error (also `.pipe`) is kept in `complaints`, at most `limit`
    /// bytes of it: neither pipe can fill up and stop the child. At the end both have been read to their ends.
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

    /// Waits for the end.
    @discardableResult
    package func wait() throws(Failure) -> Ending {
        try lock.locked { () throws(Failure) -> Ending in
            if let ending { return ending }
            var code: Int32 = 0
            var signal: Int32 = 0
            _ = try call("wait for", arguments[0]) { unsafe linux_wait(identifier, 1, &code, &signal) }
            let ended = Ending(code: code, signal: signal)
            ending = ended
            return ended
        }
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

    /// Sends a signal to the child's whole process group (it leads one) or to it alone.
    package func signal(_ number: Int32, group: Bool = true) {
        if endingIfAny() == nil || group { _ = kill(group ? -identifier : identifier, number) }
    }

    /// What a finished program wrote.
    package struct Outcome: Sendable {
        package var ending: Ending
        package var output: [UInt8]
        package var errors: [UInt8]
        /// The last lines of the standard error, for a message.
        package var complaint: String {
            let text = String(decoding: errors.suffix(2000), as: UTF8.self)
            return text.split(separator: "\n").suffix(4).joined(separator: " / ")
        }
    }

    /// Runs a program to its end and collects what it writes, at most `limit` bytes of each stream (the rest is dropped).
    /// When `cancellation` throws, the process group is ended and the reason rethrown.
    package static func run(
        _ arguments: [String], environment: [String: String], input: [UInt8] = [], limit: Int = 16 << 20,
        directory: String? = nil, cancellation: any Cancellation = NeverCancelled()
    ) throws -> Outcome {
        let child = try ChildProcess(
            arguments, environment: environment, input: input.isEmpty ? .null : .pipe, output: .pipe, errors: .pipe,
            directory: directory)
        return try child.collect(input: input, limit: limit, cancellation: cancellation)
    }

    private func collect(input bytes: [UInt8], limit: Int, cancellation: any Cancellation) throws -> Outcome {
        var collected: [[UInt8]] = [[], []]
        var sources = [output, errors]
        var sent = 0
        if input >= 0 { _ = fcntl(input, F_SETFL, O_NONBLOCK) }
        var buffer = Buffer(capacity: 64 << 10)
        while sources.contains(where: { $0 >= 0 }) {
            do { try cancellation.check() } catch {
                signal(SIGTERM)
                _ = try? wait()
                throw error
            }
            var polls = sources.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            polls.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
            let ready = unsafe poll(&polls, nfds_t(polls.count), 200)
            if ready <= 0 { continue }
            for index in 0..<2 where polls[index].revents != 0 {
                buffer.clear()
                if try FileDescriptor.read(from: sources[index], into: &buffer) == 0 { sources[index] = -1 }
                if collected[index].count < limit { collected[index].append(buffer.bytes) }
            }
            if polls[2].revents != 0, input >= 0 {
                let wrote = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(input, $0.baseAddress! + sent, $0.count - sent)
                }
                if wrote > 0 { sent += wrote }
                if sent == bytes.count || (wrote < 0 && errno != EAGAIN && errno != EINTR) { closeInput() }
            }
        }
        return Outcome(ending: try wait(), output: collected[0], errors: collected[1])
    }
}
