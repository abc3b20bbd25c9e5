import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("salvor dump --archive")
struct DumpArchiveTests {
    private func prepared() throws -> Workshop {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        try Directory(workshop.folder.path("shop")).makeNode(Array("socket".utf8), mode: 0o140600, device: 0)
        #expect(workshop.run("backup", "shop").exit == 0)
        return workshop
    }

    private func list(_ path: String) throws -> [Substring] {
        let outcome = try ChildProcess.run(
            ["tar", "-tf", path], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
        #expect(outcome.ending.code == 0, "\(outcome.complaint)")
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
    }

    @Test("a whole snapshot, a directory or a file go to standard output or into a new file")
    func places() throws {
        let workshop = try prepared()
        let console = RecordedConsole()
        let said = workshop.run("dump", "latest", "--archive", "tar", console: console)
        #expect(said.exit == 0 && said.errors.contains("shop/socket: is a socket"))
        try workshop.folder.write("whole.tar", console.outputBytes)
        let names = [
            "shop/", "shop/index.html", "shop/uploads/", #"shop/uploads/b\377"#, "shop/uploads/logo.png",
        ]
        #expect(try list("\(workshop.folder.path)/whole.tar").map { String($0) } == names)
        let part = workshop.run("dump", "latest:shop/uploads", "--archive", "tar", "-o", "part.tar", "--json")
        #expect(part.exit == 0)
        #expect(try list("\(workshop.folder.path)/part.tar").map { String($0) } == Array(names[2...]))
        let result = try Workshop.result(part)
        let bytes = try FileTree.read(workshop.folder.path("part.tar"), limit: 1 << 20)
        #expect(result["bytes"]?.whole == Int64(bytes.count) && result["entries"]?.whole == 3)
        let sum = try ChildProcess.run(
            ["sha256sum", "\(workshop.folder.path)/part.tar"], environment: ["PATH": "/usr/bin:/bin"])
        #expect(String(decoding: sum.output, as: UTF8.self).hasPrefix(result["sha256"]?.text ?? "-"))
        #expect(workshop.run("dump", "latest:shop", "--archive", "tar", "-o", "part.tar").exit == 9)
        #expect(workshop.run("dump", "latest:shop/index.html", "--archive", "tar", "-o", "file.tar", "-q").exit == 0)
        #expect(try list("\(workshop.folder.path)/file.tar") == ["shop/index.html"])
    }

    @Test("what cannot be is wrong usage; without the option a directory is none, and the hint tells of it")
    func usage() throws {
        let workshop = try prepared()
        #expect(workshop.run("dump", "latest", "--archive", "tar", "--json").exit == 2)
        #expect(workshop.run("dump", "latest", "--archive", "zip").errors.contains("it is one of tar"))
        #expect(workshop.run("dump", "latest").errors.contains("--archive tar"))
        let directory = workshop.run("dump", "latest:shop/uploads")
        #expect(directory.exit == 1 && directory.errors.contains("--archive tar"))
        let file = try Workshop.result(workshop.run("dump", "latest:shop/index.html", "-o", "index", "--json"))
        #expect(file["entries"]?.whole == 1 && file["findings"]?.elements == [])
    }

    @Test("a reader who goes away is no failure, a full device is one")
    func closed() throws {
        let workshop = try prepared()
        try workshop.folder.write("shop/large", [UInt8](repeating: 1, count: 1 << 20))
        #expect(workshop.run("backup", "shop").exit == 0)
        let pipe = RecordedConsole(outputError: 32, outputRoom: 100_000)
        let gone = workshop.run("dump", "latest", "--archive", "tar", "-q", console: pipe)
        #expect(gone.exit == 0 && gone.errors.isEmpty)
        let full = workshop.run(
            "dump", "latest", "--archive", "tar", "-q", console: RecordedConsole(outputError: 28, outputRoom: 100_000))
        #expect(full.exit == 1 && full.errors.contains("No space left"))
    }
}
