import Platform
import Testing

@testable import Commands

@Suite("Passwords on the command line")
struct SecretGuardTests {
    private static let secret = "hunter2"

    @Test(
        "a word with a password in it is refused, and the message does not repeat the password",
        arguments: [
            "postgres://anna:hunter2@db/shop", "db=postgresql://anna:hunter2@db/shop",
            "postgres://anna:pa@ss/hunter2@db/shop", "postgres://anna:pa/hunter2@db/shop",
            "postgres://db/shop?user=anna&password=hunter2&sslmode=require",
            "postgres:host=db password=hunter2 dbname=shop",
            "postgres:host=db password = 'x hunter2' dbname=shop", "postgres://db/shop?sslpassword=hunter2",
            "--repository=sftp://u:hunter2@host/path", "s3://key:hunter2@host/bucket",
        ])
    func refused(word: String) {
        let said = salvor("backup", word, "-r", "/b")
        #expect(said.exit == 2)
        #expect(!said.errors.contains(Self.secret), "\(said.errors)")
        #expect(said.errors.contains("PGPASSFILE"))
        let json = salvor("--json", "backup", word)
        #expect(json.exit == 2)
        #expect(!(json.output + json.errors).contains(Self.secret))
    }

    @Test(
        "a word without a password passes",
        arguments: [
            "postgres://anna@db/shop", "postgres://db:5432/shop", "postgres://anna:@db/shop",
            "postgres://[::1]:5432/shop",
            "postgres:service=shop", "/srv/password=x", "/srv/a:b@c", "postgres://db/shop?sslmode=require",
            "postgres:passfile=/etc/pgpass host=db", "latest:shop/a:b@c",
        ])
    func passes(word: String) throws {
        #expect(throws: Never.self) { try SecretGuard.check([Array(word.utf8)]) }
    }
}
