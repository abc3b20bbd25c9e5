import Formats
import Platform
import TestDoubles
import Testing

@Suite("Drills")
struct DrillTests {
    /// A repository with files and a shop, and a drill of it.
    private struct Product {
        let salvor: Salvor
        let server: ThrowawayPostgres

        init() throws {
            salvor = try Salvor.withRepository("drill")
            server = try ThrowawayPostgres()
            try server.psql("CREATE DATABASE shop")
            try server.psql(
                """
                CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
                CREATE TABLE orders (id bigserial PRIMARY KEY, customer int REFERENCES customers, total numeric);
                CREATE INDEX orders_by_customer ON orders (customer);
                INSERT INTO customers SELECT n, 'customer ' || n FROM generate_series(1, 500) n;
                INSERT INTO orders (customer, total) SELECT 1 + n % 500, n / 7.0 FROM generate_series(1, 5000) n;
                """, "shop")
            try salvor.shell(
                "mkdir -p data/letters && echo 'dear customer' > data/letters/first && cp -r /usr/share/perl5 data/")
            try salvor.succeeds(
                "backup", "files=\(salvor.folder.path)/data",
                "shop=postgres:host=\(server.directory.path) user=postgres dbname=shop")
        }

        func drill(_ script: String? = nil) throws -> Salvor.Result {
            var words = ["drill", "--json", "--staging", salvor.staging]
            if let script {
                try salvor.shell("cat > sabotage <<'END'\n#!/bin/bash\nset -e\n\(script)\nEND\nchmod 755 sabotage")
                words += ["--before-checks", "\(salvor.folder.path)/sabotage"]
            }
            return try salvor.run(words)
        }
    }

    @Test("a healthy backup is recovered, every time, and nothing is left of it")
    func green() throws {
        let product = try Product()
        for _ in 0..<3 {
            let result = try product.drill()
            #expect(result.exit == 0, "\(result.said)")
            #expect(try result.json()["verdict"]?.text == "recovered", "\(result.said)")
            #expect(try product.salvor.shell("ls -A \(product.salvor.staging)") == "")
        }
        let harmless = try product.drill("test -d \"$SALVOR_DRILL_FILES\" && test -n \"$SALVOR_DRILL_DATABASE_URL\"")
        #expect(harmless.exit == 0, "\(harmless.said)")
        try product.salvor.succeeds("report")
        try product.salvor.succeeds("check")
    }

    @Test("the phases add up to the measured recovery time, and the report says what was not tested")
    func phases() throws {
        let product = try Product()
        let result = try product.drill()
        let report = try result.json()
        let measured = try #require(report["measured"]?["recoverySeconds"]?.real, "\(result.said)")
        let phases = try #require(report["phases"]?.elements, "\(result.said)")
        let counted = phases.filter { $0["counted"]?.flag == true }
        let sum = counted.reduce(0.0) { $0 + ($1["seconds"]?.real ?? 0) }
        #expect(measured > 0 && abs(sum - measured) < 0.02, "\(sum) and \(measured): \(result.said)")
        #expect(report["notTested"]?.elements?.isEmpty == false)
        #expect(report["evidenceLevel"]?.text?.hasPrefix("L") == true)
    }

    @Test(
        "one wrong thing in what came back makes the drill red with exit 4, and it is named",
        arguments: [
            ("psql -q \"$SALVOR_DRILL_DATABASE_URL\" -c \"UPDATE customers SET name = 'x' WHERE id = 7\"", "customers"),
            ("psql -q \"$SALVOR_DRILL_DATABASE_URL\" -c \"DELETE FROM orders WHERE id = 4711\"", "orders"),
            ("psql -q \"$SALVOR_DRILL_DATABASE_URL\" -c \"DROP INDEX orders_by_customer\"", "orders_by_customer"),
            ("rm $(find \"$SALVOR_DRILL_FILES\" -path '*letters/first')", "letters/first"),
            (
                "printf X | dd of=$(find \"$SALVOR_DRILL_FILES\" -path '*letters/first') bs=1 seek=3 conv=notrunc",
                "letters/first"
            ),
        ])
    func red(script: String, named: String) throws {
        let product = try Product()
        let result = try product.drill(script)
        #expect(result.exit == 4, "\(result.said)")
        #expect(result.output.contains(named), "\(named) is not named: \(result.said)")
        #expect(try result.json()["verdict"]?.text == "degraded", "\(result.said)")
        #expect(try product.salvor.shell("ls -A \(product.salvor.staging)") == "")
    }

    @Test("a flipped object that the snapshot needs is exit 13, and it is named")
    func damaged() throws {
        let product = try Product()
        let salvor = product.salvor
        var red = 0
        for pack in try salvor.objects("packs") {
            let path = Array("\(salvor.repository)/packs/\(pack)".utf8)
            let sound = try FileTree.read(path, limit: 64 << 20)
            var bytes = sound
            bytes[bytes.count / 2] ^= 1
            try FileTree.write(bytes, to: path)
            let result = try product.drill()
            #expect(result.exit == 13, "\(pack): \(result.said)")
            #expect(
                result.output.contains(pack.split(separator: "/").last ?? ""), "\(pack) is not named: \(result.said)")
            if result.exit == 13 { red += 1 }
            try FileTree.write(sound, to: path)
        }
        #expect(red >= 2)
        #expect(try product.drill().exit == 0)
    }
}
