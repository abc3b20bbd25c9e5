import Formats
import Platform
import TestDoubles
import Testing

@Suite("Drills")
struct DrillTests {
    /// A drill without a policy, with what is done to the copy before the checks.
    private func drill(_ shop: DrilledShop, _ script: String? = nil) throws -> Salvor.Result {
        var words = ["drill", "--json", "--staging", shop.salvor.staging]
        if let script {
            try shop.salvor.folder.write("sabotage", text: "set -e\n\(Self.tools)\n\(script)\n")
            words += ["--before-checks", "bash \(shop.salvor.folder.path)/sabotage"]
        }
        return try shop.salvor.run(words)
    }

    /// What the scripts work with.
    private static let tools = """
        sql() { psql -XAtq -v ON_ERROR_STOP=1 "$SALVOR_DRILL_DATABASE_URL" -c "$1"; }
        files=$SALVOR_DRILL_FILES/uploads
        """

    @Test("a healthy backup is recovered without a policy, too, and the report says what was not tested")
    func green() throws {
        let shop = try DrilledShop("drill")
        let result = try drill(shop)
        #expect(result.exit == 0, "\(result.said)")
        let report = try result.json()
        #expect(report["verdict"]?.text == "recovered" && report["evidenceLevel"]?.text == "L5 equal")
        #expect(report["notTested"]?.elements?.isEmpty == false)
        #expect(try shop.staged() == [])
        let harmless = try drill(shop, "test -d \"$files\" && test \"$(sql 'SELECT 1')\" = 1")
        #expect(harmless.exit == 0, "\(harmless.said)")
        try shop.salvor.succeeds("report")
        try shop.salvor.succeeds("check")
    }

    /// One wrong thing in what came back, and what must be named.
    private static let damages: [(script: String, named: String)] = [
        ("sql 'DELETE FROM orders WHERE id = 4711'", "public.orders"),
        (
            """
            sql "UPDATE customers a SET name = b.name FROM customers b WHERE a.id IN (7, 8) AND b.id = 15 - a.id"
            test "$(sql "SELECT name FROM customers WHERE id = 7")" = "customer 8"
            """, "public.customers"
        ),
        ("sql \"UPDATE customers SET name = 'x' WHERE id = 7\"", "public.customers"),
        ("sql \"INSERT INTO products VALUES (99, 'new')\"", "public.products"),
        ("sql 'TRUNCATE attachments'", "public.attachments"),
        ("sql 'DROP TABLE attachments'", "attachments"),
        ("sql 'CREATE TABLE intruder (n int)'", "intruder"),
        ("sql 'DROP INDEX orders_by_customer'", "orders_by_customer"),
        ("sql 'ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey'", "orders_customer_fkey"),
        ("sql 'ALTER TABLE products ALTER name DROP NOT NULL'", "products"),
        ("sql 'GRANT DELETE ON customers TO public'", "customers"),
        ("sql \"SELECT setval('orders_id_seq', 4000)\"", "orders_id_seq"),
        (
            // Behind the server's back, before it has read the page.
            """
            file=$(sql 'SHOW data_directory')/$(sql "SELECT pg_relation_filepath('orders')")
            printf XX | dd of="$file" bs=1 seek=$((5 * 8192 + 8176)) conv=notrunc status=none
            """, "public.orders"
        ),
        ("rm \"$files/letters/1\"", "letters/1"),
        ("truncate -s 3 \"$files/letters/2\"", "letters/2"),
        (
            """
            touch -r "$files/picture" time
            printf X | dd of="$files/picture" bs=1 seek=777 conv=notrunc status=none
            touch -r time "$files/picture"
            """, "picture"
        ),
        ("ln -sf 4 \"$files/letters/3\"", "letters/3"),
        ("echo > \"$files/letters/intruder\"", "letters/intruder"),
        ("rm -r \"$files/letters\"", "letters"),
    ]

    @Test("each wrong thing in what came back makes the drill red with exit 4, and it is named")
    func red() throws {
        let shop = try DrilledShop("drill")
        for (script, named) in Self.damages {
            let result = try drill(shop, script)
            let report = try result.json()
            #expect(result.exit == 4 && report["verdict"]?.text == "degraded", "\(script): \(result.said)")
            let checks = report["checks"]?.elements ?? []
            let differing = checks.flatMap { $0["differing"]?.elements ?? [] }.compactMap(\.text)
            #expect(differing.contains { $0.contains(named) }, "\(script): \(named) is not named: \(result.said)")
            #expect(try shop.staged() == [], "\(script)")
        }
        #expect(try drill(shop).exit == 0)
    }
}
