import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("salvor find")
struct FindCommandTests {
    /// Two snapshots: in the second one a file has changed, one is gone and one is new.
    private func prepared() throws -> (workshop: Workshop, ids: [String]) {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        try workshop.folder.write("shop/Old.TXT", text: "old")
        let first = try Workshop.result(workshop.run("backup", "shop", "--tag", "one", "--json"))
        try FileTree.remove(workshop.folder.path("shop/Old.TXT"))
        try workshop.folder.write("shop/index.html", text: "hello again\n")
        try workshop.folder.write("shop/uploads/new.png", text: "new")
        let second = try Workshop.result(workshop.run("backup", "shop", "--json"))
        return (workshop, [first, second].map { $0["snapshot"]?.text ?? "" })
    }

    @Test("shows the newest snapshot first, each match as ls, dump and restore take it")
    func lines() throws {
        let (workshop, ids) = try prepared()
        let short = ids.map { String($0.prefix(8)) }
        let found = workshop.run("find", "index.*", "uploads/")
        #expect(
            found.output.split(separator: "\n") == [
                "\(short[1]):shop/index.html", "\(short[1]):shop/uploads", "\(short[0]):shop/index.html",
                "\(short[0]):shop/uploads",
            ])
        #expect(found.exit == 0 && found.errors == "4 matches in 2 of 2 snapshots\n")
        let first = found.output.split(separator: "\n").first.map { String($0) } ?? ""
        #expect(workshop.run("dump", first).output == "hello again\n")
        let odd = workshop.run("find", #"b[!a]"#)
        #expect(odd.output == "\(short[1]):shop/uploads/b\\xff\n\(short[0]):shop/uploads/b\\xff\n")
        #expect(workshop.run("find", "shop/*/*.png", "-q").errors == "")
        #expect(workshop.run("find", "-l", "new.png").output.hasPrefix("\(short[1]) -rw-r--r--   1 "))
    }

    @Test("looks where and for what it is told")
    func conditions() throws {
        let (workshop, ids) = try prepared()
        func count(_ words: String...) throws -> Int64? {
            let console = RecordedConsole()
            let program = Program(
                commands: CommandTable.all, console: console,
                environment: ["SALVOR_REPOSITORY": workshop.repository, "SALVOR_PASSWORD": workshop.password],
                workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(), clock: SystemClock())
            let exit = program.run((["find", "--json"] + words).map { Array($0.utf8) })
            let said = Said(exit: exit, output: console.output, errors: console.errors)
            #expect(exit == 0, "\(words): \(said.errors)")
            return try Workshop.result(said)["matches"]?.whole
        }
        #expect(try count("*") == 12 && count("*", "--first") == 7)
        #expect(try count("old.txt") == 0 && count("old.txt", "-i") == 1)
        #expect(try count("*", "--in", "latest") == 6 && count("*", "--in", "latest:shop/uploads") == 4)
        #expect(try count("*", "--in", ids[0], "--in", "latest:shop/uploads/new.png") == 7)
        #expect(try count("*", "--tag", "one") == 6 && count("*", "--tag", "other") == 0)
        #expect(try count("*", "--type", "directory") == 4 && count("--type", "directory", "--type", "file") == 12)
        #expect(try count("--type", "device") == 0)
        #expect(try count("--larger", "6") == 3 && count("--smaller", "2", "--larger", "0") == 2)
        #expect(try count("--newer", "2000-01-01") == 12 && count("--older", "2000-01-01T00:00:00+01:00") == 0)
        let sum = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        #expect(try count("--sha256", sum) == 1 && count("--sha256", sum.uppercased(), "--in", "latest") == 0)
        #expect(try count("!*") == 0)
    }

    @Test("--json tells snapshot and entry of each match, and counts")
    func json() throws {
        let (workshop, ids) = try prepared()
        let lines = workshop.run("find", "index.html", "--json").output.split(separator: "\n")
        let objects = try lines.map { try JSONParser.parse(Array($0.utf8)) }
        #expect(objects.map { $0["type"]?.text } == ["match", "match", "result"])
        #expect(objects.prefix(2).map { $0["snapshot"]?.text } == [ids[1], ids[0]])
        let listed = try Workshop.result(workshop.run("ls", "latest:shop/index.html", "--json").dropLastLine())
        for key in listed.members?.map(\.key) ?? [] where key != "type" {
            #expect(objects[0][key] == listed[key], "\(key)")
        }
        #expect(objects[2]["matches"]?.whole == 2 && objects[2]["matchingSnapshots"]?.whole == 2)
        #expect(objects[2]["snapshots"]?.whole == 2 && objects[2]["findings"]?.elements == [])
    }

    @Test("nothing found is no failure, and is said")
    func nothing() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        let empty = workshop.run("find", "x")
        #expect(empty.exit == 0 && empty.output.isEmpty && empty.errors == "no snapshots\n")
        #expect(workshop.run("backup", "shop").exit == 0)
        let none = workshop.run("find", "no-such")
        #expect(none.exit == 0 && none.output.isEmpty && none.errors == "nothing found in 1 snapshot\n")
    }

    @Test(
        "what cannot be looked for is wrong usage, and the message says why",
        arguments: [
            ([], "PATTERN"), (["a//b"], "two slashes"), (["[a"], "`[a`"), (["a/.."], "component"),
            (["x", "--larger", "much"], "--larger much"), (["x", "--newer", "yesterday"], "2026-11-21"),
            (["x", "--newer", "2026-02-30"], "--newer"), (["x", "--sha256", "abc"], "64 hexadecimal"),
            (["x", "--type", "fil"], "did you mean file?"), (["--in", "latest"], "PATTERN"),
        ])
    func usage(words: [String], named: String) {
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console, environment: ["SALVOR_REPOSITORY": "/no-such-repository"],
            workingDirectory: [0x2f], cancellation: NeverCancelled(), clock: SystemClock())
        #expect(program.run((["find"] + words).map { Array($0.utf8) }) == 2)
        #expect(console.errors.contains(named), "\(console.errors)")
    }

    @Test("a record that is damaged is exit 13, and the other snapshots are searched")
    func damagedRecord() throws {
        let (workshop, ids) = try prepared()
        let path = Array("\(workshop.repository)/snapshots/\(ids[1])".utf8)
        var bytes = try FileTree.read(path, limit: 1 << 16)
        bytes[bytes.count / 2] ^= 1
        try FileTree.write(bytes, to: path)
        let found = workshop.run("find", "index.html")
        #expect(found.exit == 13 && found.output == "\(ids[0].prefix(8)):shop/index.html\n")
        #expect(found.errors.contains("snapshots/\(ids[1])"))
        #expect(workshop.run("find", "index.html", "--in", ids[0]).exit == 0)
    }
}

extension Said {
    /// The same without the last line of the output.
    func dropLastLine() -> Said {
        let lines = output.split(separator: "\n").dropLast()
        return Said(exit: exit, output: lines.joined(separator: "\n"), errors: errors)
    }
}
