import Glibc
import Platform

/// A unix socket in front of a PostgreSQL server's, which counts the bytes that the server sends through it and calls
/// somebody when there were so many.
///
/// Each connection has a thread; closing the proxy ends them all.
package final class CuttingProxy: @unchecked Sendable {
    /// What happens at the limit.
    package enum Cut: Sendable {
        /// The connection that is at work then is cut, the others and new ones go on.
        case one
        /// All are cut, and no new one is let through.
        case all
        /// Nothing is cut; somebody else acts.
        case call(@Sendable () -> Void)
    }

    /// The directory of its socket: what a client gives as host.
    package let directory: TemporaryFolder
    private let server: String
    private let limit: Int
    private let cut: Cut
    private let listener: Int32
    private let lock = Lock()
    private var sent = 0
    private var isOver = false
    private var isClosed = false
    private var open: Set<Int32> = []
    private var threads: [pthread_t] = []

    /// Listens. `server` is the directory of the server's socket.
    package init(to server: String, after limit: Int, _ cut: Cut) throws {
        directory = try TemporaryFolder("proxy")
        self.server = server
        self.limit = limit
        self.cut = cut
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = Self.address(of: directory.path)
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(listener, $0, size) }
        }
        guard listener >= 0, bound == 0, listen(listener, 64) == 0 else {
            throw Failure.system("listen in", directory.path)
        }
        start { $0.accept() }
    }

    /// Bytes that the server has sent so far.
    package var bytes: Int { lock.locked { sent } }
    /// Whether the limit was reached.
    package var hasCut: Bool { lock.locked { isOver } }

    /// Cuts everything, and waits until all threads have ended.
    package func close() {
        let first = lock.locked {
            defer { isClosed = true }
            return !isClosed
        }
        guard first else { return }
        _ = shutdown(listener, Int32(SHUT_RDWR))
        cutAll()
        while let thread = lock.locked({ threads.popLast() }) { pthread_join(thread, nil) }
        _ = Glibc.close(listener)
    }

    private static func address(of directory: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array("\(directory)/.s.PGSQL.5432".utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.prefix(107)) }
        return address
    }

    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private func start(_ body: @escaping @Sendable (CuttingProxy) -> Void) {
        let work = Work { body(self) }
        var thread = pthread_t()
        let box = unsafe Unmanaged.passRetained(work).toOpaque()
        let failed = unsafe pthread_create(
            &thread, nil,
            { box in
                guard let box = unsafe box else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(box).takeRetainedValue().run()
                return nil
            }, box)
        precondition(failed == 0, "no thread for a proxy")
        lock.locked { threads.append(thread) }
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            if client < 0 {
                if lock.locked({ isClosed }) { return }
                continue
            }
            let refuses = lock.locked { isClosed || isOver && { if case .all = cut { true } else { false } }() }
            guard !refuses, let other = connect() else {
                _ = Glibc.close(client)
                continue
            }
            lock.locked { open.formUnion([client, other]) }
            start { $0.pass(client, other) }
        }
    }

    private func connect() -> Int32? {
        let other = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = Self.address(of: server)
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let done = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe Glibc.connect(other, $0, size) }
        }
        if done == 0 { return other }
        _ = Glibc.close(other)
        return nil
    }

    /// Passes bytes both ways until one side ends.
    private func pass(_ client: Int32, _ other: Int32) {
        var buffer = [UInt8](repeating: 0, count: 8192)
        var waits = [
            pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        passing: while unsafe poll(&waits, 2, -1) > 0 || errno == EINTR {
            for index in 0..<2 where waits[index].revents != 0 {
                let count = unsafe recv(waits[index].fd, &buffer, buffer.count, 0)
                if count <= 0 { break passing }
                if index == 1, countsOver(count) { break passing }
                if unsafe send(waits[1 - index].fd, buffer, count, Int32(MSG_NOSIGNAL)) != count {
                    break passing
                }
            }
        }
        lock.locked { open.subtract([client, other]) }
        _ = Glibc.close(client)
        _ = Glibc.close(other)
    }

    /// Counts bytes of the server; true when this connection is to be cut.
    private func countsOver(_ count: Int) -> Bool {
        let reaches = lock.locked { () -> Bool in
            sent += count
            guard sent >= limit, !isOver else { return false }
            isOver = true
            return true
        }
        guard reaches else { return false }
        switch cut {
        case .one: return true
        case .all:
            cutAll()
            return true
        case .call(let act):
            act()
            return false
        }
    }

    private func cutAll() {
        lock.locked { for descriptor in open { _ = shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }
}
