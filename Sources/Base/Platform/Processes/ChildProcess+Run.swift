import CLinux
import Glibc

extension ChildProcess {
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

    /// Runs a program to its end and collects what it writes, at most `limit` bytes of each stream (the rest is
    /// dropped).
    ///
    /// When `cancellation` throws, the process group is ended and the reason rethrown. A grandchild that lives on with
    /// the program's streams (a server, started by its starter) is not waited for.
    package static func run(
        _ arguments: [String], environment: [String: String], input: [UInt8] = [], limit: Int = 16 << 20,
        directory: String? = nil, cancellation: any Cancellation = NeverCancelled()
    ) throws -> Outcome {
        let child = try ChildProcess(
            arguments, environment: environment, input: input.isEmpty ? .null : .pipe, output: .pipe, errors: .pipe,
            directory: directory)
        do {
            return try child.collect(input: input, limit: limit, cancellation: cancellation)
        } catch {
            child.stop()
            throw error
        }
    }

    /// Reads both streams of a started program to their ends, at most `limit` bytes each, and waits for it.
    package func collect(
        input bytes: [UInt8] = [], limit: Int = 16 << 20, cancellation: any Cancellation = NeverCancelled()
    ) throws -> Outcome {
        var collected: [[UInt8]] = [[], []]
        var sources = [output, errors]
        var sent = 0
        if input >= 0 { _ = fcntl(input, F_SETFL, O_NONBLOCK) }
        var buffer = Buffer(capacity: 64 << 10)
        while input >= 0 || sources.contains(where: { $0 >= 0 }) {
            try cancellation.check()
            let ended = endingIfAny() != nil
            var polls = sources.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            polls.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
            let ready = unsafe poll(&polls, nfds_t(polls.count), ended ? 0 : 100)
            if ready <= 0 {
                // It has ended and nothing is left to read: whoever still holds the pipes is not our child.
                if ended && ready == 0 { break }
                continue
            }
            for index in 0..<2 where polls[index].revents != 0 {
                buffer.clear()
                if try FileDescriptor.read(from: sources[index], into: &buffer) == 0 { sources[index] = -1 }
                buffer.truncate(to: min(buffer.count, limit - collected[index].count))
                collected[index].append(buffer.bytes)
            }
            if polls[2].revents != 0 { send(bytes, &sent) }
        }
        closeInput()
        return Outcome(ending: try wait(), output: collected[0], errors: collected[1])
    }

    /// Writes what fits into the pipe; closes it after the last byte, and when nobody reads it any more.
    private func send(_ bytes: [UInt8], _ sent: inout Int) {
        let from = sent
        let wrote = unsafe bytes.withUnsafeBytes { all in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: all[from...])
            return unsafe Glibc.write(input, rest.baseAddress, rest.count)
        }
        if wrote > 0 { sent += wrote }
        if sent == bytes.count || (wrote < 0 && errno != EAGAIN && errno != EINTR) { closeInput() }
    }
}
