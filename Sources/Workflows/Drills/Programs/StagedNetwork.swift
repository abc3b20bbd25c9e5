import Platform

/// Where the programs of a drill run: in a network with nothing in it, and in a process namespace that ends with them,
/// where the kernel allows that.
///
/// In that network every port is free, and a program that wants to tell somebody something, such as a customer by mail,
/// finds nobody. Otherwise it is this machine's loopback device, and the report says so.
struct StagedNetwork {
    /// nil where the kernel allowed no network of its own.
    let own: PrivateNetwork?
    private let ports: [String: UInt16]
    private let enclosure: [String]

    /// Makes the network, with a port for each program.
    init(programs: [String]) throws(Failure) {
        own = try? PrivateNetwork()
        let numbers =
            own == nil
            ? try LoopbackConnection.freePorts(programs.count) : programs.indices.map { Self.firstPort + UInt16($0) }
        ports = Dictionary(zip(programs, numbers)) { first, _ in first }
        enclosure = Self.findEnclosure()
    }

    private static let firstPort: UInt16 = 20_000

    /// The port that is free for a program.
    func port(of program: String) -> UInt16? { ports[program] }

    /// The words that start a program in the network.
    var entrance: [String] { own?.prefix ?? [] }

    /// The words that start a program of the policy: in the network, and so that all of its children end with it,
    /// whatever they do to be nobody's.
    var prefix: [String] { entrance + enclosure }

    /// What a report says about it.
    var words: String {
        let network =
            own != nil
            ? "programs are in a network with nothing in it: nothing leads out"
            : "programs are in the network of this machine, since the kernel did not allow one of their own"
        return enclosure.isEmpty ? network + "; a child that hides from its parent may outlive the drill" : network
    }

    /// A process namespace ends with its first process, and that one with the program that it waits for. SIGTERM
    /// reaches the program's group; the kernel keeps it from a first process that does not ask for it, and `unshare`
    /// must not end by it, since all would end with it at once.
    private static func findEnclosure() -> [String] {
        let mapping = Host.userID == 0 ? [] : ["--user", "--map-current-user"]
        let words =
            ["env", "--ignore-signal=TERM", "unshare"] + mapping
            + ["--pid", "--fork", "--kill-child", "--", "env", "--default-signal=TERM", "/bin/sh", "-c", first, "sh"]
        let probe = try? ChildProcess.run(words + ["true"], environment: Environment.withoutSecrets())
        return probe?.ending.succeeded == true ? words : []
    }

    private static let first = #""$@" & wait $!; exit $?"#
}
