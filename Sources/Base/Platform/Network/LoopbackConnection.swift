import CLinux
import Glibc

/// A TCP connection to a program on this machine, over the loopback device. Used by one thread.
package struct LoopbackConnection: ~Copyable {
    private let socket: FileDescriptor

    /// Connects to a port of 127.0.0.1, of `network` when one is given. `idle` is called several times a second while
    /// nothing comes, and throws to stop.
    package init(port: UInt16, in network: PrivateNetwork? = nil, idle: () throws -> Void) throws {
        let made = try Self.socket(in: network)
        try Self.connect(made.number, port: port, idle: idle)
        socket = made
    }

    /// Sends all of `bytes`.
    package func send(_ bytes: [UInt8], idle: () throws -> Void) throws {
        var done = 0
        while done < bytes.count {
            let from = done
            let sent = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[from...])
                return unsafe Glibc.send(socket.number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if sent >= 0 {
                done += sent
            } else if errno == EAGAIN {
                try Self.wait(for: socket.number, POLLOUT, idle)
            } else if errno != EINTR {
                throw Failure.system("send to", "127.0.0.1")
            }
        }
    }

    /// The next bytes, at most 64 KiB; empty at the end.
    package func receive(idle: () throws -> Void) throws -> [UInt8] {
        while true {
            try Self.wait(for: socket.number, POLLIN, idle)
            var bytes = [UInt8](repeating: 0, count: 64 << 10)
            let count = bytes.count
            let got = unsafe recv(socket.number, &bytes, count, 0)
            if got >= 0 { return Array(bytes.prefix(got)) }
            if errno != EAGAIN, errno != EINTR { throw Failure.system("receive from", "127.0.0.1") }
        }
    }

    private static func connect(_ number: Int32, port: UInt16, idle: () throws -> Void) throws {
        _ = fcntl(number, F_SETFL, O_NONBLOCK)
        var address = Self.address(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let answer = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(number, $0, size)
            }
        }
        if answer == 0 { return }
        guard errno == EINPROGRESS else { throw Failure.system("connect to", "127.0.0.1:\(port)") }
        try wait(for: number, POLLOUT, idle)
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = try call("connect to", "127.0.0.1:\(port)") {
            unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length)
        }
        if code != 0 { throw Failure.system("connect to", "127.0.0.1:\(port)", errno: code) }
    }

    private static func wait(for number: Int32, _ event: Int32, _ idle: () throws -> Void) throws {
        while true {
            try idle()
            var request = pollfd(fd: number, events: Int16(event), revents: 0)
            if unsafe poll(&request, 1, 100) > 0 { return }
        }
    }

    /// Numbers of ports of 127.0.0.1 that nothing listens on now, all different; a program that comes later may take
    /// one.
    package static func freePorts(_ count: Int) throws(Failure) -> [UInt16] {
        var sockets: [Int32] = []
        defer { for number in sockets { _ = close(number) } }
        var ports: [UInt16] = []
        for _ in 0..<count {
            let number = try newSocket()
            sockets.append(number)
            var address = Self.address(0)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = try call("find", "a free port") {
                unsafe withUnsafeMutablePointer(to: &address) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        unsafe bind(number, $0, size) == 0 ? getsockname(number, $0, &size) : -1
                    }
                }
            }
            ports.append(UInt16(bigEndian: address.sin_port))
        }
        return ports
    }

    private static func socket(in network: PrivateNetwork?) throws(Failure) -> FileDescriptor {
        guard let network else { return FileDescriptor(owning: try newSocket()) }
        return try network.socket()
    }

    private static func newSocket() throws(Failure) -> Int32 {
        try call("make", "a socket") {
            Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
