import Platform
import TestDoubles
import Testing

/// A network of a test's own, which has one way out and counts what is sent on it. Nobody is at its other end.
enum CountedNetwork {
    /// Whether this process may make a network with a device in it; else what it needs to be tested cannot be.
    static let isPermitted: Bool = {
        let words = ["unshare", "--net", "ip", "link", "add", "out", "type", "veth", "peer", "name", "far"]
        let outcome = try? ChildProcess.run(words, environment: Environment.withoutSecrets())
        return Host.userID == 0 && outcome?.ending.succeeded == true
    }()

    /// Runs the lines of a shell in a network with a default route, and answers how many packets they sent on it.
    static func packets(_ salvor: Salvor, _ lines: String) throws -> Int {
        let script = """
            set -e
            for way in all default; do echo 1 > /proc/sys/net/ipv6/conf/$way/disable_ipv6; done
            ip link set lo up
            ip link add out type veth peer name far
            ip link set far up
            ip address add 192.0.2.1/24 dev out
            ip link set out up
            ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:02 dev out nud permanent
            ip route add default via 192.0.2.2
            sent() { awk '$1 == "out:" { print $11 }' /proc/net/dev; }
            before=$(sent)
            \(lines)
            echo "$(($(sent) - before))" > packets
            """
        let run = try ChildProcess.run(
            ["unshare", "--net", "bash", "-c", script], environment: salvor.environment(["SALVOR_PASSWORD": ""]),
            directory: salvor.folder.path)
        try #require(run.ending.succeeded, "\(run.complaint) \((try? salvor.shell("cat out")) ?? "")")
        return try #require(Int(salvor.shell("cat packets").dropLast()))
    }
}
