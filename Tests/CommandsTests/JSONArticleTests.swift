import Platform
import Testing

@testable import Commands

@Suite("The article on JSON")
struct JSONArticleTests {
    @Test("it has a section for every verb, whose table names exactly the keys of its result")
    func keys() throws {
        let article = try read("Sources/Application/Commands/Commands.docc/JSON.md")
        var keys: [String: [String]] = [:]
        var section = ""
        for line in article.split(separator: "\n") {
            if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
            guard line.hasPrefix("| `") else { continue }
            keys[section, default: []].append(String(line.dropFirst(3).prefix { $0 != "`" }))
        }
        #expect(keys["The result"] == ["type", "schema", "exit", "reasons", "problems"])
        for command in CommandTable.all { #expect(keys[command.name] == command.allResultKeys, "\(command.name)") }
        #expect(keys.count == CommandTable.all.count + 1)
    }

    @Test("it names every kind of failure with its exit code")
    func kinds() throws {
        let article = try read("Sources/Application/Commands/Commands.docc/JSON.md")
        for kind in FailureKind.allCases {
            #expect(article.contains("`\(kind.rawValue)` (\(kind.exitCode))"), "\(kind.rawValue)")
        }
    }

    private func read(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return String(decoding: try FileTree.read(Array("/\(root)/\(path)".utf8), limit: 1 << 20), as: UTF8.self)
    }
}
