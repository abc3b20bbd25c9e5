import Testing

@testable import Commands

@Suite("How long a backup waits for locks")
struct LockTimeoutTests {
    @Test("it is a number of seconds, and means nothing without a database")
    func refused() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        for words in ["0", "-1", "soon", "86401", ""] {
            let said = workshop.run("backup", "postgres:host=/nonexistent dbname=shop", "--lock-timeout=\(words)")
            #expect(said.exit == 2 && said.errors.contains("--lock-timeout"), "\(words): \(said.errors)")
        }
        let said = workshop.run("backup", "shop", "--lock-timeout", "5")
        #expect(said.exit == 2 && said.errors.contains("--lock-timeout is for sources that are databases"))
        #expect(workshop.run("backup", "postgres:host=/nonexistent dbname=shop", "--lock-timeout=5").exit == 14)
    }
}
