import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("What of paths a backup saves, as its options say")
struct SelectionOptionsTests {
    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        return workshop
    }

    private func paths(_ workshop: Workshop) -> [String] {
        workshop.run("ls", "latest").output.split(separator: "\n").map { String($0) }
    }

    @Test("patterns of files and of the command line are one list, whose last word is the command line's")
    func patterns() throws {
        let workshop = try workshop()
        try workshop.folder.write("list", text: "# no pictures\n*.png\n\n!logo.png\n")
        #expect(workshop.run("backup", "shop", "--exclude-file", "list", "--exclude", "b*").exit == 0)
        #expect(paths(workshop) == ["shop", "shop/index.html", "shop/uploads", "shop/uploads/logo.png"])
        #expect(workshop.run("backup", "shop", "--exclude-file", "list", "--exclude=*.png").exit == 0)
        #expect(!paths(workshop).contains("shop/uploads/logo.png"))
        #expect(workshop.run("backup", "shop", "--exclude", "/uploads/*", "--exclude", "!/uploads/logo.png").exit == 0)
        #expect(paths(workshop) == ["shop", "shop/index.html", "shop/uploads", "shop/uploads/logo.png"])
    }

    @Test("rules hold for every path of the command line; what was left out is in the summary and in JSON")
    func everyPath() throws {
        let workshop = try workshop()
        try workshop.folder.write("other/x.tmp", text: "x")
        try workshop.folder.write("shop/y.tmp", text: "y")
        let said = workshop.run("backup", "shop", "other", "--exclude", "*.tmp", "--exclude", "nothing")
        #expect(said.exit == 0)
        #expect(said.output.split(separator: "\n").filter { $0 == "  1 entry left out" }.count == 2, "\(said.output)")
        #expect(said.errors == "--exclude: the pattern nothing matched nothing\n")
        let json = workshop.run("backup", "shop", "other", "--exclude", "*.tmp", "--exclude-larger-than=1K", "--json")
        let sources = try #require(try Workshop.result(json)["sources"]?.elements)
        for source in sources {
            #expect(source["selection"]?["exclude"] == ["*.tmp"])
            #expect(source["selection"]?["excludeLargerThan"] == 1024)
            #expect(source["selection"]?["leftOut"]?["entries"] == 1)
        }
        #expect(try Workshop.result(json)["findings"] == [])
        let plain = try Workshop.result(workshop.run("backup", "shop", "--json"))
        #expect(plain["sources"]?.elements?.first?["selection"] == .null)
        #expect(workshop.run("backup", "shop", "--exclude", "nothing", "--quiet").errors == "")
    }

    @Test("a list may come from standard input, and a size, a tag and a marker do what they say")
    func otherRules() throws {
        let workshop = try workshop()
        let input = GivenInput(Array("index.html\nnothere\n".utf8))
        let said = workshop.run("backup", "shop", "--files-from", "-", console: RecordedConsole(input: input))
        #expect(said.exit == 3)
        #expect(said.errors.contains("shop: nothere: is named in a list of paths, and does not exist"))
        #expect(paths(workshop) == ["shop", "shop/index.html"])
        try workshop.folder.write("shop/uploads/.nobackup", text: "")
        #expect(workshop.run("backup", "shop", "--exclude-if-present", ".nobackup").exit == 0)
        #expect(paths(workshop) == ["shop", "shop/index.html", "shop/uploads", "shop/uploads/.nobackup"])
        #expect(workshop.run("backup", "shop", "--exclude-larger-than", "6").exit == 0)
        #expect(!paths(workshop).contains("shop/uploads/logo.png") && paths(workshop).contains("shop/index.html"))
    }

    @Test(
        "what cannot be meant is wrong usage, and says where it stands",
        arguments: [
            (["--exclude", "a["], "--exclude a[: "), (["--exclude", "./a"], "`.` or `..`"),
            (["--exclude-file", "bad"], "/bad:2: "), (["--exclude", "SHOP/uploads"], "write /uploads"),
            (["--exclude", "!SHOP/uploads/"], "write !/uploads/"), (["--exclude", "SHOP"], "source's root"),
            (["--exclude-file", "place"], "/place:1: "), (["--exclude-larger-than", "100MB"], "100M"),
            (["--exclude-if-present", "a/b"], "`a/b`"), (["--exclude-if-present", ".."], "`..`"),
            (["--files-from", "list", "other"], "2 of the sources"), (["--files-from", "list"], "/list:2: "),
            (["--files-from0", "-", "--files-from", "-", "-"], "at the same time"),
        ])
    func refused(words: [String], named: String) throws {
        let workshop = try workshop()
        let place = "\(workshop.folder.path)/shop"
        try workshop.folder.write("bad", text: "ok\na//b\n")
        try workshop.folder.write("place", text: "\(place)/uploads/x\n")
        try workshop.folder.write("list", text: "index.html\n../secret\n")
        try workshop.folder.write("other/x", text: "x")
        let console = RecordedConsole()
        let program = Program(
            commands: CommandTable.all, console: console,
            environment: ["SALVOR_REPOSITORY": workshop.repository, "SALVOR_PASSWORD": workshop.password],
            workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(), clock: SystemClock())
        let given = ["backup", "shop"] + words.map { $0.replacing("SHOP", with: place) }
        #expect(program.run(given.map { Array($0.utf8) }) == 2, "\(console.errors)")
        #expect(console.errors.contains(named), "\(console.errors)")
        #expect(try Workshop.result(workshop.run("snapshots", "--json"))["snapshots"]?.whole == 0)
    }

    @Test("for a source that is the root every place is its own, and options without a path to use them are refused")
    func roots() throws {
        let workshop = try workshop()
        try workshop.folder.write("list", text: "/etc\n")
        let said = workshop.run("backup", "/", "--exclude", "/etc/passwd", "--files-from", "list", "--dry-run")
        #expect(said.exit == 0, "\(said.errors)")
        for option in ["--exclude=x", "--exclude-caches", "--one-file-system", "--exclude-larger-than=1"] {
            let said = workshop.run("backup", "postgres://h/shop", option)
            #expect(said.exit == 2 && said.errors.contains("there is none"), "\(said.errors)")
        }
        #expect(workshop.run("backup", "shop", "--exclude-file", "no-such-file").exit == 1)
        #expect(workshop.run("backup", "shop", "--files-from", "no-such-file").exit == 1)
        #expect(workshop.run("backup", "shop/index.html", "--files-from", "list").exit == 2)
    }
}
