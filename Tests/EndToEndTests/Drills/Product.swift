import Formats
import Platform
import TestDoubles
import Testing

/// The product of the shipped policies: a web server, its database, and the files that people uploaded.
struct Product {
    let salvor: Salvor
    let server: ThrowawayPostgres
    /// Where the uploads lie.
    var uploads: String { salvor.folder.path + "/uploads" }
    /// The folder of the programs.
    static let programs = Salvor.top + "/Tests/EndToEndTests/product"

    /// Makes it; nothing is saved yet.
    init(_ purpose: String = "product") throws {
        salvor = try Salvor(purpose)
        server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop; CREATE ROLE shop LOGIN")
        try server.psql(
            """
            CREATE TABLE products (id int PRIMARY KEY, name text NOT NULL);
            CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
            CREATE TABLE orders (id bigserial PRIMARY KEY, customer int NOT NULL REFERENCES customers, paid boolean,
                total numeric(10, 2));
            CREATE TABLE attachments (id int PRIMARY KEY, path text NOT NULL);
            CREATE TABLE audit_log (id bigserial PRIMARY KEY, what text);
            CREATE INDEX orders_by_customer ON orders (customer);
            INSERT INTO products SELECT n, 'product ' || n FROM generate_series(1, 20) n;
            INSERT INTO customers SELECT n, 'customer ' || n FROM generate_series(1, 200) n;
            INSERT INTO orders (customer, paid, total)
                SELECT 1 + n % 200, n % 3 = 0, n / 7.0 FROM generate_series(1, 3000) n;
            INSERT INTO attachments SELECT n, format('%s/letter-%s.txt', n % 5, n) FROM generate_series(1, 60) n;
            INSERT INTO audit_log (what) SELECT 'event ' || n FROM generate_series(1, 500) n;
            """, "shop")
        try salvor.shell(
            """
            mkdir -p uploads/{0..4}
            for n in $(seq 60); do echo "letter $n" > uploads/$((n % 5))/letter-$n.txt; done
            echo scratch > uploads/half.tmp
            (umask 077 && echo '\(salvor.password)' > password)
            """)
    }

    /// One of the policies that are shipped, with the places of this product in it; answers the file's path.
    func policy(_ name: String, _ changes: [(from: String, to: String)] = []) throws -> String {
        let path = "\(Salvor.top)/Policies/\(name)"
        var text = String(decoding: try FileTree.read(Array(path.utf8), limit: 1 << 20), as: UTF8.self)
        let places = [
            (from: "/srv/backup/shop", to: salvor.repository), (from: "/var/backups/documents", to: salvor.repository),
            (from: "/etc/salvor/shop.pw", to: salvor.folder.path + "/password"),
            (from: "/etc/salvor/documents.pw", to: salvor.folder.path + "/password"),
            (from: "postgres:service=shop", to: "postgres:host=\(server.directory.path) user=postgres"),
            (from: "postgres:host=127.0.0.1 user=postgres", to: "postgres:host=\(server.directory.path) user=postgres"),
            (from: "/srv/shop/uploads", to: uploads), (from: "/srv/shop/web", to: Self.programs + "/web.py"),
            (from: "/srv/shop/selfcheck", to: Self.programs + "/selfcheck"),
            (from: "staging: \"/var/tmp\"", to: "staging: \"\(salvor.staging)\""),
        ]
        for (from, to) in places + changes { text = text.replacing(from, with: to) }
        let target = "\(salvor.folder.path)/\(name)"
        try FileTree.write(Array(text.utf8), to: Array(target.utf8))
        return target
    }

    /// What lies in staging.
    func leftInStaging() throws -> String { try salvor.shell("ls -A '\(salvor.staging)'") }
}
