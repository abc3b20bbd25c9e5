import Drills
import Glibc
import Platform
import Reports
import Testing

/// What a killed drill left is removed by the next; what a living one uses is not.
struct StagingSweepTests {
    @Test("the area of a drill that runs is left alone")
    func sparesTheLiving() throws {
        let ground = try StagingGround()
        let area = try ground.area()
        let outcome = StagingSweep.run(in: [ground.path])
        #expect(outcome.removed.isEmpty)
        #expect(outcome.leftovers.isEmpty)
        #expect(try ground.names().count == 1)
        _ = area.remove()
    }

    @Test("a living lease protects its area even where the lock says nothing")
    func honoursTheLease() throws {
        let ground = try StagingGround()
        _ = try ground.area()
        // The lock went with the object; the lease still names this process, which lives.
        #expect(StagingSweep.run(in: [ground.path]).removed.isEmpty)
        #expect(try ground.names().count == 1)
    }

    @Test("a drill killed at any step of making its area leaves nothing after the next sweep")
    func removesEveryStep() throws {
        let ground = try StagingGround()
        let steps: [(String, [UInt8]?)] = [
            ("salvor-drill-00000000000000aa", nil), ("salvor-drill-00000000000000ab", []),
            ("salvor-drill-00000000000000ac", Array("{\"schema\":\"salvor.le".utf8)),
        ]
        for (name, lease) in steps {
            let area = ground.path + Array("/\(name)".utf8)
            try FileTree.makeDirectories(area)
            if let lease { try FileTree.write(lease, to: area + Array("/lease".utf8)) }
        }
        let abandoned = try abandonedArea(on: ground)
        try FileTree.makeDirectories(ground.path + Array("/\(abandoned)/files/deep".utf8))
        let outcome = StagingSweep.run(in: [ground.path, ground.path])
        #expect(outcome.removed.count == 4)
        #expect(outcome.leftovers.isEmpty)
        #expect(try ground.names().isEmpty)
    }

    @Test("a directory that only looks like an area is not touched")
    func sparesOthers() throws {
        let ground = try StagingGround()
        let names = [
            "salvor-drill-", "salvor-drill-0123", "salvor-drill-0123456789ABCDEF", "salvor-drill-0123456789abcdef.old",
        ]
        for name in names { try FileTree.makeDirectories(ground.path + Array("/\(name)".utf8)) }
        let real = ground.path + Array("/elsewhere".utf8)
        try FileTree.makeDirectories(real)
        let link = String(decoding: ground.path, as: UTF8.self) + "/salvor-drill-0123456789abcdef"
        _ = try ChildProcess.run(
            ["ln", "-s", String(decoding: real, as: UTF8.self), link], environment: Environment.withoutSecrets())
        let outcome = StagingSweep.run(in: [ground.path])
        #expect(outcome.removed.isEmpty)
        #expect(outcome.leftovers.isEmpty)
        #expect(try ground.names().count == names.count + 2)
    }

    @Test("a killed drill's running server is ended before its area is removed")
    func endsTheServer() throws {
        let ground = try StagingGround()
        var area: StagingArea? = try ground.area()
        let path = try #require(area).path
        var server: StagedPostgres? = try StagedPostgres(
            in: #require(area), settings: StagingGround.settings(), user: StagingUser.choose(named: nil),
            clock: SystemClock(), cancellation: NeverCancelled())
        try server?.start(cancellation: NeverCancelled())
        let process = try postmaster(in: path)
        server = nil
        area = nil
        try writeDeadLease(in: path)
        #expect(ProcessTable.startTime(of: process) != nil)
        let outcome = StagingSweep.run(in: [ground.path])
        #expect(outcome.removed.count == 1)
        #expect(outcome.removed.first?.sentence.contains("ended") == true)
        #expect(outcome.leftovers.isEmpty)
        #expect(ProcessTable.startTime(of: process) == nil)
        #expect(try ground.names().isEmpty)
    }

    @Test("a program that carries the drill's mark is ended, a shell that merely stands in the area is not")
    func endsOnlyItsOwn() throws {
        let ground = try StagingGround()
        let name = try abandonedArea(on: ground)
        let path = String(decoding: ground.path, as: UTF8.self) + "/\(name)"
        let marked = try ChildProcess(
            ["sleep", "1000"], environment: ["SALVOR_DRILL_ID": String(name.dropFirst("salvor-drill-".count))])
        let bystander = try ChildProcess(["sleep", "1000"], environment: [:], directory: path)
        // Another test of this process may fork just then, and its child hold a copy of the lock for a moment.
        for _ in 0..<100 where try !ground.names().isEmpty {
            _ = StagingSweep.run(in: [ground.path])
            Pause.sleep(seconds: 0.02)
        }
        #expect(try marked.wait().signal == SIGTERM)
        #expect(bystander.endingIfAny() == nil)
        bystander.signal(SIGKILL)
        try bystander.wait()
    }

    /// An area as a killed drill leaves it: no lock, the lease of a process that is gone.
    private func abandonedArea(on ground: StagingGround) throws -> String {
        let area = try ground.area()
        try writeDeadLease(in: area.path)
        return "salvor-drill-\(area.identifier)"
    }

    private func writeDeadLease(in area: [UInt8]) throws {
        let path = area + Array("/lease".utf8)
        let text = String(decoding: try FileTree.read(path, limit: 4096), as: UTF8.self)
        let started = try #require(ProcessTable.startTime(of: Host.processID))
        let dead = text.replacing("\"pidStarted\":\(started)", with: "\"pidStarted\":1")
        #expect(dead != text)
        try FileTree.write(Array(dead.utf8), to: path)
    }

    private func postmaster(in area: [UInt8]) throws -> Int32 {
        let text = try FileTree.read(area + Array("/pg/postmaster.pid".utf8), limit: 4096)
        return try #require(Int32(String(decoding: text.prefix { $0 != 0x0a }, as: UTF8.self)))
    }
}
