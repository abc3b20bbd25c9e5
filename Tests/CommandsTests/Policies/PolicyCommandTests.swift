import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("salvor policy")
struct PolicyCommandTests {
    private static let good = """
        {format: "salvor.policy/1", name: "shop", repository: {url: "/r", password: {env: "PW"}},
         sources: {a: {adapter: "files", root: "/a"}}}
        """
    private static let bad =
        "{format: 'salvor.policy/1', nam: 'shop', repository: {url: '/r', password: 'hunter2'},\n sorces: {}}"

    private func file(_ text: String, _ folder: TemporaryFolder, _ name: String) throws -> String {
        try FileTree.write(Array(text.utf8), to: folder.path(name))
        return "\(folder.path)/\(name)"
    }

    @Test("check tells all that is wrong with all files, each mistake on a line with its place: exit 8")
    func check() throws {
        let folder = try TemporaryFolder("policy")
        let (good, bad) = (try file(Self.good, folder, "good.json5"), try file(Self.bad, folder, "bad.json5"))
        let said = salvor("policy", "check", bad, good, "\(folder.path)/none")
        #expect(said.exit == 8)
        #expect(said.output.contains("\(good): all well; the system shop, with 1 source (a)"))
        for place in ["\(bad):1:1: `name` is missing", "\(bad):1:29: `nam`", "\(bad):1:76: ", "\(bad):2:2: `sorces`"] {
            #expect(said.errors.contains("salvor: \(place)"), "\(place)\n\(said.errors)")
        }
        #expect(said.errors.contains("\(folder.path)/none cannot be read") && !said.errors.contains("hunter2"))
        #expect(salvor("policy", "check", good).exit == 0)
    }

    @Test("JSON names the mistakes of each file, and among the problems")
    func json() throws {
        let folder = try TemporaryFolder("policy")
        let (good, bad) = (try file(Self.good, folder, "good.json5"), try file(Self.bad, folder, "bad.json5"))
        let result = try JSONParser.parse(Array(salvor("policy", "check", bad, good, "--json").output.utf8))
        let files = try #require(result["files"]?.elements)
        #expect(files[0]["valid"] == false && files[0]["system"] == .null && files[0]["path"] == .string(bad))
        let lines = files[0]["mistakes"]?.elements?.compactMap { $0["line"]?.whole }
        #expect(lines == [1, 1, 1, 1, 2])
        #expect(files[1]["valid"] == true && files[1]["system"] == "shop" && files[1]["mistakes"] == [])
        #expect(files[1]["digest"]?.text?.utf8.count == 64)
        #expect(result["problems"]?.elements?.count == 5 && result["reasons"] == ["policy"] && result["exit"] == 8)
    }

    @Test("explain tells what a policy comes to, to people and to machines")
    func explain() throws {
        let folder = try TemporaryFolder("policy")
        let good = try file(Self.good, folder, "good.json5")
        let said = salvor("policy", "explain", good)
        #expect(said.exit == 0 && said.output.contains("What is not covered\n  - A policy starts nothing by itself"))
        let result = try JSONParser.parse(Array(salvor("policy", "explain", good, "--json").output.utf8))
        #expect(result["sections"]?.elements?.count == 6)
        #expect(salvor("policy", "explain", good, good).exit == 2)
        #expect(salvor("policy", "explain").exit == 2)
        #expect(salvor("policy", "explian", good).errors.contains("did you mean `salvor policy explain`?"))
    }

    @Test("a verb that is given a wrong policy tells all of its mistakes, and does nothing")
    func otherVerbs() throws {
        let folder = try TemporaryFolder("policy")
        let bad = try file(Self.bad, folder, "bad.json5")
        for words in [["backup"], ["snapshots"], ["check"], ["restore", "latest", "--target", "/nowhere"]] {
            let program = RecordedConsole()
            let exit = Program(
                commands: CommandTable.all, console: program, environment: ["SALVOR_POLICY": bad],
                workingDirectory: [0x2f], cancellation: NeverCancelled(), clock: ManualClock()
            ).run(words.map { Array($0.utf8) })
            #expect(exit == 8 && program.errors.contains(":2:2: `sorces`") && program.errors.contains(":1:29: `nam`"))
        }
    }
}
