import Formats
import Platform
import Testing

@Suite("Drills of a whole product")
struct DrillGreenTests {
    /// How many times in a row; `GREEN_DRILLS=50` for the full proof.
    private static let times = Environment.value("GREEN_DRILLS").flatMap { Int($0) } ?? 4

    @Test("a healthy product is green every time, its checks proved every other time, and nothing is left")
    func green() throws {
        let shop = try DrilledShop("green")
        let policy = try shop.policy("green", start: shop.web(), checks: shop.checks)
        let remains = DrillRemains(shop)
        var seconds: [Double] = []
        for number in 0..<Self.times {
            let isProved = number % 2 == 1
            let result = try shop.drill(policy, isProved ? ["--prove-checks"] : [])
            try #require(result.exit == 0, "drill \(number): \(result.said)")
            let report = try result.json()
            #expect(report["verdict"]?.text == "recovered" && report["evidenceLevel"]?.text == "L6 usable")
            let asked = report["checks"]?.elements?.compactMap { $0["id"]?.text } ?? []
            for name in ["start.web", "paid-orders", "attachments", "front-page", "self-check", "postgres.checksums"] {
                #expect(asked.contains(name), "\(result.said)")
            }
            let proofs = report["proofs"]?.elements ?? []
            #expect(proofs.isEmpty == !isProved)
            #expect(proofs.allSatisfy { $0["blind"]?.elements?.isEmpty == true }, "\(result.said)")
            seconds.append(report["measured"]?["recoverySeconds"]?.real ?? 0)
            #expect(try remains.all() == [], "drill \(number)")
        }
        seconds.sort()
        print("\(seconds.count) drills: \(seconds[0]) to \(seconds[seconds.count - 1]) s of recovery")
        try shop.salvor.succeeds("check", "--read-data")
    }
}
