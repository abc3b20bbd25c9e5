import Glibc

/// Waiting for a descriptor that somebody else owns, such as a library's socket.
package enum Readiness {
    /// How often somebody who waits looks up.
    private static let pauseMilliseconds: Int32 = 200

    /// Waits until `descriptor` can be read, or at most `milliseconds`; answers whether it can.
    package static func waitToRead(_ descriptor: Int32, milliseconds: Int32) throws(Failure) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = unsafe poll(&request, 1, milliseconds)
        if ready < 0, errno != EINTR { throw Failure.system("wait for", FileDescriptor.name(of: descriptor)) }
        return ready > 0
    }

    /// Waits until `descriptor` can be read; meanwhile `idle` is called several times a second, and throws to stop.
    package static func waitToRead(_ descriptor: Int32, idle: () throws -> Void) throws {
        while try !waitToRead(descriptor, milliseconds: pauseMilliseconds) { try idle() }
    }
}
