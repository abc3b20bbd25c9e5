import CLinux
import Glibc

/// A network with nothing in it but a loopback device: what runs in it talks to itself, and to nobody else.
///
/// A Linux network namespace, of an ordinary user in a user namespace in which nobody has more rights than outside. It
/// is there as long as this value or a program in it, and leaves nothing behind.
package final class PrivateNetwork: Sendable {
    private let network: FileDescriptor
    /// Absent for root, who needs none.
    private let users: Users

    private struct Users: ~Copyable, Sendable {
        let descriptor: Int32
        deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }
    }

    /// Makes one. Throws where the kernel does not allow that, as in many containers.
    package init() throws(Failure) {
        var spaces: [Int32] = [-1, -1]
        let code = unsafe linux_make_network(&spaces)
        guard code == 0 else { throw Failure.system("make", "a network of its own", errno: code) }
        network = FileDescriptor(owning: spaces[0])
        users = Users(descriptor: spaces[1])
    }

    /// The words that start a program in it, before the program's own. They hold as long as this value lives.
    package var prefix: [String] {
        let process = getpid()
        let identity =
            users.descriptor < 0 ? [] : ["--user=/proc/\(process)/fd/\(users.descriptor)", "--preserve-credentials"]
        return ["nsenter"] + identity + ["--net=/proc/\(process)/fd/\(network.number)", "--"]
    }

    /// A TCP socket that belongs to it, whoever uses it.
    func socket() throws(Failure) -> FileDescriptor {
        let spaces = [network.number, users.descriptor]
        let number = try call("make", "a socket") { unsafe linux_socket_in_network(spaces) }
        return FileDescriptor(owning: number)
    }
}
