import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Killed at any call")
struct KillTests {
    /// The library that counts calls and kills at one of them, built once.
    private static let library: Swift.Result<(folder: TemporaryFolder, path: String), any Error> = Swift.Result {
        let folder = try TemporaryFolder("killcount")
        let path = folder.path + "/killcount.so"
        let source = Salvor.top + "/Tests/EndToEndTests/faults/killcount.c"
        let built = try ChildProcess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", path, source, "-ldl"],
            environment: Environment.withoutSecrets())
        guard built.ending.succeeded else { throw Failure(.failed, "cc failed", cause: built.complaint) }
        return (folder, path)
    }

    /// How many calls a run makes.
    private func calls(_ salvor: Salvor, _ words: [String]) throws -> Int {
        let total = salvor.folder.path + "/total"
        let result = try salvor.run(words, ["LD_PRELOAD": try Self.library.get().path, "KILLCOUNT_TOTAL": total])
        try #require(result.exit == 0, "\(result.said)")
        let text = String(decoding: try FileTree.read(Array(total.utf8), limit: 100), as: UTF8.self)
        return try #require(Int(text.dropLast()))
    }

    /// Runs salvor until its Nth call; true when it was killed, false when it ended before.
    private func killed(_ salvor: Salvor, _ words: [String], at call: Int) throws -> Bool {
        let result = try salvor.run(words, ["LD_PRELOAD": try Self.library.get().path, "KILLCOUNT_AT": String(call)])
        if result.signal == SIGKILL { return true }
        #expect(result.exit == 0, "killed at \(call): \(result.said)")
        return false
    }

    /// `count` places in 1...total: the first, the last, and others spread by a seed.
    private func places(_ count: Int, of total: Int) -> [Int] {
        guard total > count else { return Array(1...max(1, total)) }
        let random = SeededRandomness(seed: UInt64(total))
        let between = (1..<count - 1).map { 1 + ($0 * total) / count + random.next(below: max(1, total / count)) }
        return Set([1, total] + between.map { min($0, total) }).sorted()
    }

    @Test("a backup killed at any of 50 calls leaves a whole repository, and the next one succeeds")
    func backup() throws {
        let salvor = try Salvor.withRepository("kill")
        let words = ["backup", "-q", "\(salvor.folder.path)/data"]
        let change =
            """
            mkdir -p data/sub && for n in 1 2 3; do head -c 300000 /dev/urandom > data/large-$n; done
            date +%N > data/sub/small
            """
        try salvor.shell(change)
        let total = try calls(salvor, words)
        #expect(total >= 20, "salvor's calls are counted: \(total)")
        var hits = 0
        for (round, place) in places(50, of: total).enumerated() {
            try salvor.shell(change)
            if try killed(salvor, words, at: place) { hits += 1 }
            try salvor.succeeds("check")
            let next = try salvor.run(words)
            try #require(next.exit == 0, "after a kill at \(place) of \(total): \(next.said)")
            if round % 10 == 9 {
                try salvor.succeeds("restore", "-q", "latest:data", "--target", "\(salvor.folder.path)/out-\(round)")
                #expect(
                    try salvor.differences("\(salvor.folder.path)/data", "\(salvor.folder.path)/out-\(round)") == "")
            }
        }
        #expect(hits >= min(40, total - 5), "\(hits) runs were killed")
        try salvor.succeeds("check", "--read-data")
    }

    @Test("a restore killed at any of 50 calls leaves nothing wrong, and the next one completes it")
    func restore() throws {
        let salvor = try Salvor.withRepository("kill")
        try salvor.shell(
            """
            mkdir -p data/sub/deep && for n in 1 2 3; do head -c 300000 /dev/urandom > data/large-$n; done
            ln data/large-1 data/hard; ln -s large-1 data/soft; for n in 1 2 3 4 5 6; do echo $n > data/sub/$n; done
            """
        )
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        let out = "\(salvor.folder.path)/out"
        let words = ["restore", "-q", "latest", "--target", out]
        let total = try calls(salvor, words)
        #expect(total >= 20, "salvor's calls are counted: \(total)")
        var hits = 0
        for place in places(50, of: total) {
            try FileTree.remove(Array(out.utf8))
            if try killed(salvor, words, at: place) { hits += 1 }
            let half = try salvor.shell(
                """
                test -d out/data || exit 0
                cd out/data && find . -type f | while read -r f; do
                    test ! -e "../../data/$f" || cmp -s "$f" "../../data/$f" || echo "$f"
                done
                """
            )
            #expect(half == "", "killed at \(place): a file under its name is not whole")
            let next = try salvor.run(words)
            try #require(next.exit == 0, "after a kill at \(place) of \(total): \(next.said)")
            #expect(try salvor.differences("\(salvor.folder.path)/data", "\(out)/data") == "", "killed at \(place)")
        }
        #expect(hits >= min(40, total - 5), "\(hits) runs were killed")
        try salvor.succeeds("check", "--read-data")
    }

    @Test("after a drill killed at any of 10 places the next one is green, and nothing of the killed one is left")
    func drill() throws {
        let salvor = try Salvor.withRepository("kill")
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql("CREATE TABLE goods AS SELECT n, 'good ' || n AS name FROM generate_series(1, 1000) n", "shop")
        try salvor.shell("mkdir data && cp -r /usr/share/perl5 data/")
        let location = "shop=postgres:host=\(server.directory.path) user=postgres dbname=shop"
        try salvor.succeeds("backup", "\(salvor.folder.path)/data", location)
        let words = ["drill", "-q", "--staging", salvor.staging]
        let total = try calls(salvor, words)
        for place in places(10, of: total) {
            _ = try killed(salvor, words, at: place)
            let next = try salvor.run(words)
            #expect(next.exit == 0, "after a kill at \(place) of \(total): \(next.said)")
            #expect(try salvor.shell("ls -A \(salvor.staging)") == "", "killed at \(place): staging is left")
            #expect(
                try salvor.shell("pgrep -f -- '[/]\(salvor.staging.dropFirst())/' || true") == "",
                "killed at \(place): a server runs on")
        }
        try salvor.succeeds("check", "--read-data")
    }
}
