import Formats
import Platform
import TestDoubles
import Testing

/// The programs of a drill run in a network of their own: this is shown in a machine's network of the test's own, which
/// has one way out, and counts what is sent on it.
@Suite("The network of drills", .enabled(if: CountedNetwork.isPermitted, "a network of its own takes root"))
struct DrillNetworkTests {
    private static let mail = "198.51.100.7:25"

    private func quoted(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: " ") }

    private func report(_ shop: DrilledShop) throws -> JSONValue {
        let line = try shop.salvor.shell("tail -n 1 out")
        return try JSONParser.parse(Array(line.utf8))
    }

    private func fact(_ key: String, _ report: JSONValue) -> String {
        report["conditions"]?.elements?.first { $0["key"]?.text == key }?["value"]?.text ?? ""
    }

    @Test(
        "a program that tries to tell somebody outside sends not one packet; by hand, in the same place, it does",
        arguments: [nil, DrilledShop.nobody])
    func nothingLeaves(user: UInt32?) throws {
        let shop = try DrilledShop("network", user: user)
        let policy = try shop.policy(
            "network", start: shop.web(", \"--mail\", \"\(Self.mail)\""), checks: shop.checks,
            drill: "proveChecks: true")
        let drill = shop.command(["drill", "--json", "--policy", policy])
        let sent = try CountedNetwork.packets(shop.salvor, "\(quoted(drill)) > out")
        let report = try report(shop)
        #expect(report["verdict"]?.text == "recovered", "\(report)")
        #expect(sent == 0, "\(sent) packets left the machine")
        #expect(fact("network", report).contains("nothing leads out"), "\(report)")
        #expect(fact("serverNetwork", report).contains("nothing leads out"), "\(report)")
        let byHand = try CountedNetwork.packets(
            shop.salvor,
            """
            timeout 5 ./web.py --db none --files uploads --port 20000 --mail \(Self.mail) > /dev/null 2>&1 || true
            """)
        #expect(byHand > 0, "what is counted is what is sent")
    }

    /// The words that run a drill where the kernel gives it no network: root without the right to make one, and a user
    /// in a user namespace in which there may be no further one.
    private func withoutNamespaces(_ shop: DrilledShop, _ words: [String]) -> String {
        let drill = ["\(shop.salvor.folder.path)/salvor"] + words
        guard let user = shop.user else {
            return quoted(["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", "--"] + drill)
        }
        let inside =
            "echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --ambient-caps=-all --inh-caps=-all -- "
            + drill.joined(separator: " ")
        let identity = ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "--"]
        return quoted(identity + ["unshare", "--user", "--map-current-user", "--keep-caps", "bash", "-ec", inside])
    }

    @Test(
        "where the kernel allows no network of its own, a drill works all the same, says so, and leaves nothing",
        arguments: [nil, DrilledShop.nobody])
    func saysWhereItIsNot(user: UInt32?) throws {
        let shop = try DrilledShop("network", user: user)
        let policy = try shop.policy("network", start: shop.web(), checks: shop.checks)
        var remains = DrillRemains(shop)
        _ = try CountedNetwork.packets(
            shop.salvor, "\(withoutNamespaces(shop, ["drill", "--json", "--policy", policy])) > out")
        let report = try report(shop)
        #expect(report["verdict"]?.text == "recovered", "\(report)")
        #expect(fact("network", report).contains("in the network of this machine"), "\(report)")
        #expect(fact("serverNetwork", report).contains("not in a network of its own"), "\(report)")
        try remains.remember()
        #expect(try remains.all() == [])
    }
}
