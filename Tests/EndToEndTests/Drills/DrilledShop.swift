import Formats
import Glibc
import Platform
import TestDoubles
import Testing

/// A small web shop, backed up once: a database, the files that people uploaded, the program that serves both, and a
/// policy that drills it. The server that was backed up has gone.
final class DrilledShop {
    let salvor: Salvor
    /// Who runs salvor; nil for who runs the tests.
    let user: UInt32?
    let points: DrillPoints

    /// An ordinary user of every machine.
    static let nobody: UInt32 = 65534

    /// Makes everything. `points` are programs around PostgreSQL's own at which a drill can be stopped.
    init(_ purpose: String, user: UInt32? = nil, product: String = product) throws {
        salvor = try Salvor(purpose)
        self.user = Host.userID == 0 ? user : nil
        points = try DrillPoints(salvor)
        try salvor.shell(
            """
            cp \(Salvor.binary) \(Salvor.top)/Tests/EndToEndTests/product/* . && chmod 755 salvor web.py selfcheck
            mkdir -p cache uploads/letters; for n in $(seq 60); do echo "letter $n" > uploads/letters/$n; done
            head -c 200000 /dev/urandom > uploads/picture; echo '\(salvor.password)' > pw
            """)
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql(product, "shop")
        source = "postgres:host=\(server.directory.path) user=postgres"
        let policy = try policy("backup")
        try salvor.succeeds("init")
        try salvor.succeeds("backup", "-q", "--policy", policy)
        if let user = self.user { try salvor.shell("chown -R \(user):\(user) repository staging cache pw uploads") }
    }

    private let source: String

    /// What the shop's database holds.
    static let product = """
        CREATE TABLE products (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE orders (id bigserial PRIMARY KEY, customer int REFERENCES customers, paid bool, total numeric);
        CREATE TABLE attachments (id int PRIMARY KEY, path text NOT NULL);
        CREATE INDEX orders_by_customer ON orders (customer);
        INSERT INTO products SELECT n, 'product ' || n FROM generate_series(1, 20) n;
        INSERT INTO customers SELECT n, 'customer ' || n FROM generate_series(1, 500) n;
        INSERT INTO orders (customer, paid, total) SELECT 1 + n % 500, n % 3 = 0, n / 7.0
            FROM generate_series(1, 5000) n;
        INSERT INTO attachments SELECT n, 'letters/' || n FROM generate_series(1, 60) n;
        """

    /// The program that serves the shop, as a policy starts it; `more` are words for it.
    func web(_ more: String = "") -> String {
        """
        { name: "web",
          argv: ["\(salvor.folder.path)/web.py", "--db", "{db.url}", "--files", "{uploads.path}",
                 "--port", "{port.web}"\(more)],
          ready: { http: "http://127.0.0.1:{port.web}/healthz", within: "60s" } },
        """
    }

    /// What the shop's policy asks of what came back.
    var checks: String {
        """
        { id: "paid-orders", type: "sql", source: "db", query: "select count(*) from orders where paid",
          expect: { atLeast: 1 } },
        { id: "attachments", type: "cross.references", source: "db", query: "select path from attachments",
          existsIn: "uploads" },
        { id: "front-page", type: "http", url: "http://127.0.0.1:{port.web}/", status: 200, contains: "Add to cart" },
        { id: "self-check", type: "command", argv: ["\(salvor.folder.path)/selfcheck", "--db", "{db.url}"],
          expect: { exit: 0 }, gating: false },
        """
    }

    /// Writes a policy of the shop, and answers its path. `start` and `checks` are elements; `drill` are more members.
    func policy(_ name: String, start: String = "", checks: String = "", drill: String = "") throws -> String {
        let text = """
            {
              format: "salvor.policy/1", name: "shop",
              repository: { url: "\(salvor.repository)", password: { file: "\(salvor.folder.path)/pw" } },
              sources: {
                db: { adapter: "postgres", connect: "\(source)", databases: ["shop"] },
                uploads: { adapter: "files", root: "\(salvor.folder.path)/uploads" },
              },
              drill: { staging: "\(salvor.staging)", start: [\(start)], checks: [\(checks)], \(drill) },
            }
            """
        try salvor.folder.write("\(name).json5", text: text)
        return "\(salvor.folder.path)/\(name).json5"
    }

    /// The words that run salvor as the shop's user, and its environment; `preload` is for salvor alone.
    func command(_ words: [String], preload: [String: String] = [:]) -> [String] {
        let identity = user.map { ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups", "--"] } ?? []
        let variables = preload.isEmpty ? [] : ["env"] + preload.map { "\($0.key)=\($0.value)" }
        return identity + variables + ["\(salvor.folder.path)/salvor"] + words
    }

    /// Starts salvor.
    func start(_ words: [String], preload: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess(
            command(words, preload: preload), environment: salvor.environment(["SALVOR_PASSWORD": ""]), output: .pipe,
            errors: .pipe, directory: salvor.folder.path)
    }

    /// Waits for salvor.
    func finish(_ child: ChildProcess) throws -> Salvor.Result {
        let outcome = try child.collect(limit: 64 << 20)
        return Salvor.Result(
            exit: outcome.ending.code, signal: outcome.ending.signal,
            output: String(decoding: outcome.output, as: UTF8.self),
            errors: String(decoding: outcome.errors, as: UTF8.self), bytes: outcome.output)
    }

    /// Drills by a policy.
    func drill(_ policy: String, _ more: [String] = []) throws -> Salvor.Result {
        try finish(start(["drill", "--json", "--policy", policy] + more))
    }

    /// What is in staging.
    func staged() throws -> [String] {
        try Directory(Array(salvor.staging.utf8)).names().map { String(decoding: $0, as: UTF8.self) }
    }
}
