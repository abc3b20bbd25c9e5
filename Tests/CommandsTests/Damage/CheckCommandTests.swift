import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("What is told of a damaged repository")
struct CheckCommandTests {
    /// A repository whose chunks lie in two packs each, those that are tried first damaged; gives the names of these.
    private func damagedCopies(_ workshop: Workshop) throws -> [String] {
        #expect(workshop.run("init", answers: [workshop.password, workshop.password]).exit == 0)
        #expect(workshop.run("backup", workshop.folder.path + "/shop").exit == 0)
        // What hides index and records makes the next run store everything anew.
        try shell(workshop, "mkdir away; ls -d repository/packs/*/* > first; mv repository/{index,snapshots} away")
        #expect(workshop.run("backup", workshop.folder.path + "/shop").exit == 0)
        // Index objects are read in the order of their names.
        let list = """
            if [[ $(ls repository/index) < $(ls away/index) ]]; then
                ls -d repository/packs/*/* | grep -vxFf first
            else
                cat first
            fi
            cp -r away/* repository
            """
        let packs = try shell(workshop, list).split(separator: "\n").map { String($0.dropFirst(11)) }
        for pack in packs { try flip(workshop, pack) }
        return packs
    }

    @discardableResult
    private func shell(_ workshop: Workshop, _ line: String) throws -> String {
        let outcome = try ChildProcess.run(
            ["bash", "-ec", line], environment: ["PATH": "/usr/bin:/bin"], directory: workshop.folder.path)
        try #require(outcome.ending.succeeded, "\(line): \(outcome.complaint)")
        return String(decoding: outcome.output, as: UTF8.self)
    }

    private func flip(_ workshop: Workshop, _ object: String) throws {
        let path = Array((workshop.repository + "/" + object).utf8)
        var bytes = try FileTree.read(path, limit: 1 << 20)
        bytes[60] ^= 1
        try FileTree.remove(path)
        try FileTree.write(bytes, to: path)
    }

    private func notices(_ said: Said) throws -> [String] {
        try said.output.split(separator: "\n").compactMap { line in
            let json = try JSONParser.parse(Array(line.utf8))
            return json["type"]?.text == "notice" ? json["object"]?.text : nil
        }
    }

    @Test(
        "what is restored from a good copy is right, and the damaged pack is told, to people and machines, by any verb")
    func copies() throws {
        let workshop = try Workshop()
        let packs = try damagedCopies(workshop)
        var told: Set<String> = []
        let out = workshop.folder.path + "/out"
        let commands = [
            ["restore", "latest", "--target", out + "1", "--json", "--quiet"],
            ["restore", "latest~1", "--target", out + "2", "--json"],
            ["dump", "latest:shop/index.html", "--output", out + "3", "--json"],
            ["ls", "latest", "--json"],
        ]
        for words in commands {
            let console = RecordedConsole(answers: [])
            let program = Program(
                commands: CommandTable.all, console: console,
                environment: ["SALVOR_PASSWORD": workshop.password, "SALVOR_REPOSITORY": workshop.repository],
                workingDirectory: workshop.folder.bytes, cancellation: NeverCancelled(), clock: SystemClock())
            let said = Said(
                exit: program.run(words.map { Array($0.utf8) }), output: console.output, errors: console.errors)
            #expect(said.exit == 0, "\(words): \(said.errors)")
            let noticed = try notices(said)
            for object in noticed {
                #expect(packs.contains(object) && said.errors.contains("warning: \(object)"), "\(said.errors)")
                #expect(said.errors.contains("check --read-data"))
            }
            #expect(said.errors.components(of: "warning: packs/") == noticed.count, "\(said.errors)")
            told.formUnion(noticed)
        }
        try shell(workshop, "cmp shop/index.html out3; diff -r shop out1/shop; diff -r shop out2/shop")
        let check = workshop.run("check", "--read-data", "--json")
        #expect(check.exit == 13)
        let damaged = try Workshop.result(check)["damaged"]?.elements?.compactMap { $0["object"]?.text } ?? []
        #expect(Set(damaged) == Set(packs) && told == Set(packs), "\(damaged) \(told)")
        #expect(try notices(check) == [] && !check.errors.contains("warning"))
    }

    @Test("an index object that is damaged or lost is told by whoever reads")
    func index() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init", answers: [workshop.password, workshop.password]).exit == 0)
        #expect(workshop.run("backup", workshop.folder.path + "/shop").exit == 0)
        let name = try shell(workshop, "cd repository; ls -d index/*").split(separator: "\n").joined()
        try flip(workshop, name)
        let damaged = workshop.run("dump", "latest:shop/index.html")
        #expect(damaged.exit == 0 && damaged.output == "hello\n" && damaged.errors.contains("warning: \(name)"))
        try shell(workshop, "rm repository/\(name)")
        let lost = workshop.run("dump", "latest:shop/index.html")
        #expect(lost.exit == 0 && lost.output == "hello\n" && lost.errors.contains("warning: index: "))
    }

    @Test("a part of the data is read, told, and refused where it is none")
    func parts() throws {
        let workshop = try Workshop()
        #expect(workshop.run("init", answers: [workshop.password, workshop.password]).exit == 0)
        try workshop.folder.write("shop/large", [UInt8](repeating: 7, count: 9 << 20))
        #expect(workshop.run("backup", workshop.folder.path + "/shop").exit == 0)
        var bytes: Int64 = 0
        var files: Int64 = 0
        for number in 1...3 {
            let said = workshop.run("check", "--read-data-subset", "\(number)/3", "--json")
            let result = try Workshop.result(said)
            #expect(said.exit == 0 && result["part"]?.text == "\(number)/3")
            bytes += result["bytesRead"]?.whole ?? 0
            files += result["filesCompared"]?.whole ?? 0
        }
        let whole = try Workshop.result(workshop.run("check", "--read-data", "--json"))
        #expect(whole["bytesRead"]?.whole == bytes && bytes > 0 && whole["part"]?.text == "1/1")
        #expect(whole["filesCompared"]?.whole == files && files == 1)
        #expect(try Workshop.result(workshop.run("check", "--json"))["part"] == .null)
        #expect(workshop.run("check", "--read-data-subset=2/3").output.contains("(part 2 of 3)"))
        for wrong in ["4/3", "0/3", "x", "1/0", "3", "$(date +%-d)/31"] {
            let said = workshop.run("check", "--read-data-subset", wrong)
            #expect(said.exit == 2 && said.errors.contains("`\(wrong)`"), "\(said.errors)")
        }
        #expect(workshop.run("check", "--read-data", "--read-data-subset", "1/3").exit == 2)
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
