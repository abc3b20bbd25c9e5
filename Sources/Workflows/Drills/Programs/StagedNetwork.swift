import Platform

/// The network that the programs of a drill share: one with nothing in it, where the kernel allows that.
///
/// In it every port is free, and a program that wants to tell somebody something, such as a customer by mail, finds
/// nobody. Otherwise it is this machine's loopback device, and the report says so.
struct StagedNetwork {
    /// nil where the kernel allowed no network of its own.
    let own: PrivateNetwork?
    private let ports: [String: UInt16]

    /// Makes the network, with a port for each program.
    init(programs: [String]) throws(Failure) {
        own = try? PrivateNetwork()
        let numbers =
            own == nil
            ? try LoopbackConnection.freePorts(programs.count) : programs.indices.map { Self.firstPort + UInt16($0) }
        ports = Dictionary(zip(programs, numbers)) { first, _ in first }
    }

    private static let firstPort: UInt16 = 20_000

    /// The port that is free for a program.
    func port(of program: String) -> UInt16? { ports[program] }

    /// The words that start a program in it.
    var prefix: [String] { own?.prefix ?? [] }

    /// What a report says about it.
    var words: String {
        own != nil
            ? "programs are in a network with nothing in it: nothing leads out"
            : "programs are in the network of this machine, since the kernel did not allow one of their own"
    }
}
