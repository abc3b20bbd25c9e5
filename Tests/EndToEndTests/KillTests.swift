import Formats
import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Killed at any call")
struct KillTests {
    /// How many calls a run makes.
    private func calls(_ salvor: Salvor, _ words: [String]) throws -> Int {
        let total = salvor.folder.path + "/total"
        let result = try salvor.run(words, CallCounter.counting(to: total))
        try #require(result.exit == 0, "\(result.said)")
        return try CallCounter.total(in: total)
    }

    /// Runs salvor until its Nth call; true when it was killed, false when it ended before.
    private func killed(_ salvor: Salvor, _ words: [String], at call: Int) throws -> Bool {
        let result = try salvor.run(words, CallCounter.stopping(at: call, by: SIGKILL))
        if result.signal == SIGKILL { return true }
        #expect(result.exit == 0, "killed at \(call): \(result.said)")
        return false
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
        for (round, place) in CallCounter.places(50, of: total).enumerated() {
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

    @Test("a restore killed at any of 100 calls leaves nothing wrong, and the next one fetches only what was missing")
    func restore() throws {
        let salvor = try Salvor.withRepository("kill")
        try salvor.shell(
            """
            mkdir -p data/sub/deep && cd data
            for n in 1 2; do head -c 18000000 /dev/urandom > large-$n; done
            mkdir many && for n in $(seq 120); do head -c 50000 /dev/urandom > many/$n; done
            head -c 17000000 /dev/urandom > sparse && truncate -s 40000000 sparse
            ln large-1 hard; ln -s large-1 soft; ln -P soft soft-again; for n in 1 2 3 4 5 6; do echo $n > sub/$n; done
            mkfifo pipe; setfattr -n user.a -v b large-2; chmod 0500 sub/deep; chmod 0000 sub/1; touch -d 1969-01-01 sub
            if [ $(id -u) = 0 ]; then chown 1:2 sub/2; chattr +i sub/3 sub/deep || true; fi
            """
        )
        defer { _ = try? salvor.shell("chattr -R -i data out 2>/dev/null || true") }
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        let out = "\(salvor.folder.path)/out"
        let words = ["restore", "--json", "latest", "--target", out]
        let total = try calls(salvor, words)
        #expect(total >= 300, "salvor's calls are counted: \(total)")
        try FileTree.remove(Array(out.utf8))
        // Random bytes do not shrink: what is sealed is as large as what is not.
        let all = try #require(try salvor.run(words).json()["bytesFetched"]?.whole)
        var hits = 0
        for place in CallCounter.places(100, of: total) {
            try FileTree.remove(Array(out.utf8))
            guard try killed(salvor, words, at: place) else { continue }
            hits += 1
            let present = try wholeBytes(salvor)
            let next = try salvor.run(words)
            try #require(next.exit == 0, "after a kill at \(place) of \(total): \(next.said)")
            #expect(try salvor.differences("\(salvor.folder.path)/data", "\(out)/data") == "", "killed at \(place)")
            #expect(try salvor.shell("ls -A out") == "data\n", "killed at \(place): something is left in the target")
            let fetched = try #require(try next.json()["bytesFetched"]?.whole)
            let most = all - present + all / 20
            #expect(fetched <= most, "killed at \(place): \(fetched) fetched, \(present) of \(all) were there")
        }
        #expect(hits >= 80, "\(hits) runs were killed")
        try salvor.succeeds("check", "--read-data")
    }

    /// Bytes of data that a killed restore left: of files that have their name, which must be whole, and of parts.
    private func wholeBytes(_ salvor: Salvor) throws -> Int64 {
        let words = try salvor.shell(
            """
            python3 - <<'PYTHON'
            import os, sys
            total, seen = 0, set()
            for place, _, names in os.walk("out"):
                for name in names:
                    path = os.path.join(place, name)
                    status = os.lstat(path)
                    if not os.path.isfile(path) or os.path.islink(path) or status.st_ino in seen:
                        continue
                    seen.add(status.st_ino)
                    if name == "README" and ".salvor-restore-" in place:
                        continue
                    if ".salvor-restore-" not in place:
                        if open(path, "rb").read() != open(path.replace("out/", "", 1), "rb").read():
                            sys.exit(f"{path} has its name and is not whole")
                    total += min(status.st_blocks * 512, status.st_size)
            print(total)
            PYTHON
            """)
        return try #require(Int64(words.dropLast()))
    }
}
