import Formats
import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Bad input gets a sentence, an exit code, and never wrong bytes")
struct BadInputTests {
    @Test("a wrong password is exit 12, and no password at all is wrong usage")
    func wrongPassword() throws {
        let salvor = try Salvor.withRepository()
        let wrong = try salvor.run(["snapshots"], ["SALVOR_PASSWORD": "battery staple"])
        #expect(wrong.exit == 12, "\(wrong.said)")
        #expect(!wrong.errors.contains("battery staple"))
        let none = try salvor.run(["snapshots"], ["SALVOR_PASSWORD": ""])
        #expect(none.exit == 2, "\(none.said)")
        #expect(none.errors.contains("--password-file"))
    }

    @Test("no repository is exit 10, for every verb that needs one, and none is made")
    func noRepository() throws {
        let salvor = try Salvor()
        for words in [
            ["snapshots"], ["backup", "/etc"], ["check"], ["drill"], ["restore", "latest", "--target", "x"],
            ["ls", "latest"],
        ] {
            let result = try salvor.run(words)
            #expect(result.exit == 10, "\(words): \(result.said)")
            #expect(result.errors.contains(salvor.repository), "\(result.said)")
        }
        try salvor.shell("mkdir -p \(salvor.repository) && touch \(salvor.repository)/photo.jpg")
        try salvor.fails(10, "snapshots")
        try salvor.shell("! test -e \(salvor.repository)/salvor.json")
    }

    @Test("a repository is not made over another one")
    func initTwice() throws {
        let salvor = try Salvor.withRepository()
        let before = try salvor.shell("cat \(salvor.repository)/salvor.json")
        let again = try salvor.run("init")
        #expect([2, 9].contains(again.exit), "\(again.said)")
        #expect(try salvor.shell("cat \(salvor.repository)/salvor.json") == before)
    }

    @Test("a newer format is refused with its version, and what to do")
    func newerFormat() throws {
        let salvor = try Salvor.withRepository()
        let description = "\(salvor.repository)/salvor.json"
        try salvor.shell(
            #"""
            sed -i -E 's/("[a-zA-Z]*[vV]ersion": *|"format": *)[0-9]+/\1999/' \#(description)
            grep 999 \#(description)
            """#
        )
        let result = try salvor.run("snapshots")
        #expect(result.exit != 0 && result.signal == 0, "\(result.said)")
        #expect(result.errors.contains("999"), "the version is named: \(result.said)")
    }

    @Test("a store that this version has not, and a URL with a password, are refused without repeating the password")
    func badLocations() throws {
        let salvor = try Salvor()
        let store = try salvor.run("snapshots", "-r", "sftp://nightly:hunter2@host/srv")
        #expect(store.exit == 2 && !store.errors.contains("hunter2"), "\(store.said)")
        try salvor.succeeds("init")
        let source = try salvor.run("backup", "postgres://shop:hunter2@localhost/shop")
        #expect(source.exit == 2 && !source.errors.contains("hunter2"), "\(source.said)")
    }

    @Test("a database that cannot be reached is exit 14, and no snapshot is made")
    func unreachable() throws {
        let salvor = try Salvor.withRepository()
        try salvor.fails(
            14, naming: ["5433"], "backup", "shop=postgres:host=\(salvor.folder.path) port=5433 dbname=shop user=x")
        #expect(try salvor.objects("snapshots") == [])
    }

    @Test("a source that is not there is named, and two sources of one name are wrong usage")
    func badSources() throws {
        let salvor = try Salvor.withRepository()
        let missing = try salvor.run("backup", "\(salvor.folder.path)/nowhere")
        #expect(missing.exit != 0 && missing.signal == 0, "\(missing.said)")
        #expect(missing.errors.contains("nowhere"), "\(missing.said)")
        try salvor.shell("mkdir -p a/data b/data")
        try salvor.fails(
            2, naming: ["data-2="], "backup", "\(salvor.folder.path)/a/data", "\(salvor.folder.path)/b/data")
        #expect(try salvor.objects("snapshots") == [])
    }

    @Test("a file that cannot be read is named, the rest is saved, exit 3")
    func unreadable() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir data && echo fine > data/fine && echo gone > data/gone")
        // Root reads everything; an ordinary user does not.
        guard Host.userID != 0 else { return try unreadableForOrdinaryUser(salvor) }
        try salvor.shell("chmod 0 data/gone")
        try salvor.fails(3, naming: ["gone"], "backup", "\(salvor.folder.path)/data")
        #expect(try salvor.succeeds("dump", "latest:data/fine").output == "fine\n")
    }

    private func unreadableForOrdinaryUser(_ salvor: Salvor) throws {
        try salvor.shell(
            """
            chmod 0 data/gone && chown -R nobody . && chmod -R u+rwX repository
            cp \(Salvor.binary) salvor && chmod 755 salvor
            """
        )
        let words = [
            "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", "\(salvor.folder.path)/salvor",
        ]
        let outcome = try ChildProcess.run(
            words + ["backup", "\(salvor.folder.path)/data"], environment: salvor.environment(),
            directory: salvor.folder.path)
        #expect(outcome.ending.code == 3, "\(outcome.complaint)")
        #expect(String(decoding: outcome.output + outcome.errors, as: UTF8.self).contains("gone"))
        #expect(try salvor.succeeds("dump", "latest:data/fine").output == "fine\n")
    }

    @Test("nothing that exists is replaced unasked: exit 9, and the target is as it was")
    func targetNotEmpty() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir data && echo one > data/file && echo two > data/other")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.shell("mkdir -p out/data && echo precious > out/data/file")
        try salvor.fails(9, naming: ["file"], "restore", "latest", "--target", "\(salvor.folder.path)/out")
        #expect(try salvor.shell("find out -type f -exec cat {} +") == "precious\n", "nothing was written")
        try salvor.succeeds("restore", "latest", "--target", "\(salvor.folder.path)/out", "--overwrite", "always")
        #expect(try salvor.shell("cat out/data/file") == "one\n")
    }

    @Test("snapshots are named by latest, latest~N and the beginning of an id; what is ambiguous or unknown is said")
    func snapshotNames() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir data")
        for number in 0..<3 {
            try salvor.shell("echo \(number) > data/file")
            try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        }
        let all = try salvor.objects("snapshots")
        #expect(all.count == 3)
        #expect(try salvor.succeeds("dump", "latest:data/file").output == "2\n")
        #expect(try salvor.succeeds("dump", "latest~2:data/file").output == "0\n")
        let contents = try all.map { try salvor.succeeds("dump", "\($0.prefix(8)):data/file").output }
        #expect(Set(contents) == ["0\n", "1\n", "2\n"])
        for word in ["latest~3", "ffff", "abc", "latest~x", "", "zzzz", "latest:nosuch", "latest:data/nosuch"] {
            let result = try salvor.run("dump", word.contains(":") || word.isEmpty ? word : word + ":data/file")
            #expect([1, 2].contains(result.exit), "\(word): \(result.said)")
        }
    }

    @Test("a path with .. in an address or in a snapshot's tree never leads out of the target")
    func dots() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir -p data/sub && echo x > data/sub/file && echo secret > secret")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        for path in ["data/../secret", "data/sub/../../secret", "../secret", "\(salvor.folder.path)/secret"] {
            let result = try salvor.run("restore", "latest:\(path)", "--target", "\(salvor.folder.path)/out")
            #expect([1, 2].contains(result.exit), "\(path): \(result.said)")
        }
        try salvor.shell("! find out -name secret | grep .")
        // A symlink that lies in the way does not lead out either.
        try salvor.shell("mkdir -p trap outside && ln -s ../outside trap/data")
        _ = try salvor.run("restore", "latest", "--target", "\(salvor.folder.path)/trap")
        #expect(try salvor.shell("ls -A outside") == "")
    }

    @Test(
        "Ctrl-C and SIGTERM end a run at once with 130 and 143, and the repository stays whole",
        arguments: [
            (SIGINT, 130), (SIGTERM, 143),
        ] as [(Int32, Int32)])
    func signals(signal: Int32, exit: Int32) throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir data && for n in $(seq 40); do head -c 8000000 /dev/urandom > data/$n; done")
        let child = try ChildProcess(
            [Salvor.binary, "backup", "\(salvor.folder.path)/data"], environment: salvor.environment(), output: .null,
            errors: .null)
        // As soon as it has made its mark it is at work.
        while try salvor.objects("sessions").isEmpty, child.endingIfAny() == nil {
            usleep(2_000)
        }
        child.signal(signal)
        let ending = try child.wait()
        #expect(ending.code == exit, "\(ending.words)")
        try salvor.succeeds("check", "--read-data")
        #expect(try salvor.snapshots() == 0, "it was ended before its commit")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
    }

    @Test("unknown words are wrong usage, and the help is not a failure")
    func usage() throws {
        let salvor = try Salvor()
        for words in [
            ["frobnicate"], ["backup", "--no-such-option"], ["restore"], ["ls", "--depth", "x", "latest"], [],
        ] {
            let result = try salvor.run(words)
            #expect(result.exit == 2, "\(words): \(result.said)")
        }
        for words in [["help"], ["--help"], ["version"], ["--version"], ["help", "drill"]] {
            let result = try salvor.run(words)
            #expect(result.exit == 0 && !result.output.isEmpty && result.errors.isEmpty, "\(words): \(result.said)")
        }
    }

    @Test("with --json the last line is the result, with the exit code and the reasons, in failure too")
    func json() throws {
        let salvor = try Salvor.withRepository()
        let ok = try salvor.succeeds("snapshots", "--json").json()
        #expect(ok["type"]?.text == "result" && ok["schema"]?.text == "salvor.snapshots/1" && ok["exit"]?.whole == 0)
        let failed = try salvor.run("ls", "latest", "--json")
        let result = try failed.json()
        #expect(result["exit"]?.whole == Int64(failed.exit), "\(failed.said)")
        #expect(result["reasons"]?.elements?.isEmpty == false, "\(failed.said)")
    }
}
