import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("Manual pages")
struct ManualTests {
    @Test("there is one of salvor and one of each verb, and neither mandoc nor its reader finds a fault in any")
    func pages() throws {
        let folder = try TemporaryFolder("manual")
        #expect(salvor("help", "--man", folder.path + "/man1").exit == 0)
        let wanted = ["salvor.1"] + CommandTable.all.map { "salvor-\($0.name).1" }
        let found = try Directory(folder.path("man1")).names().map { String(decoding: $0, as: UTF8.self) }
        #expect(found.sorted() == wanted.sorted())
        let outcome = try mandoc(["-Tlint", "-W", "warning"] + wanted.map { folder.path + "/man1/" + $0 })
        #expect(outcome.ending.succeeded)
        #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.complaint) \(outcome.output)")
    }

    @Test("a verb's page says every word of its help")
    func words() throws {
        let folder = try TemporaryFolder("manual")
        for command in CommandTable.all {
            #expect(salvor("help", command.name, "--man", folder.path).exit == 0)
            let page = try shown(folder.path + "/salvor-\(command.name).1")
            let said = Set(page.split { $0.isWhitespace }.map(String.init))
            let texts =
                [command.summary] + command.explanation + command.options.map(\.wholeHelp)
                + command.operands.map(\.help) + command.examples.flatMap { [$0.line, $0.purpose] }
                + ExitMeaning.kinds(of: command).map { ExitMeaning.words($0) }
            for word in texts.flatMap({ $0.replacing("`", with: "").split { $0.isWhitespace } }) {
                #expect(said.contains(String(word)), "\(command.name): \(word)")
            }
            for option in command.options { #expect(page.contains(option.name)) }
        }
    }

    @Test("nothing that a text holds is read as a request or an escape")
    func escapes() throws {
        let folder = try TemporaryFolder("manual")
        let text = #".so /etc/passwd \fB'a' `b ~c^ "d" …é"#
        let page = ".TH X 1 2026-11-21\n.SH NAME\nx \\- y\n.SH TEXT\n\(RoffText.line(text))\n"
        try folder.write("x.1", text: page)
        #expect(try shown(folder.path + "/x.1").contains(text))
        #expect(RoffText.line("run `a-b` now") == "run \\fBa\\-b\\fR now")
    }

    @Test("the day is the source's where SOURCE_DATE_EPOCH tells it")
    func date() throws {
        let folder = try TemporaryFolder("manual")
        let said = salvor("help", "ls", "--man", folder.path, environment: ["SOURCE_DATE_EPOCH": "86400"])
        #expect(said.exit == 0)
        let page = String(decoding: try FileTree.read(folder.path("salvor-ls.1"), limit: 1 << 16), as: UTF8.self)
        #expect(page.contains(".TH SALVOR-LS 1 1970-01-02 "))
    }

    private func shown(_ path: String) throws -> String {
        let outcome = try mandoc(["-Tutf8", "-O", "width=900", path])
        // Bold is a character, a backspace and the character again.
        var text: [UInt8] = []
        for byte in outcome.output {
            if byte == 8 { while let last = text.popLast(), last & 0xc0 == 0x80 {} } else { text.append(byte) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func mandoc(_ words: [String]) throws -> ChildProcess.Outcome {
        try ChildProcess.run(["mandoc"] + words, environment: ["PATH": "/usr/bin:/bin"])
    }
}
