import Formats
import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("salvor diff")
struct DiffCommandTests {
    private func prepared() throws -> (workshop: Workshop, ids: [String]) {
        let workshop = try Workshop()
        #expect(workshop.run("init").exit == 0)
        try Directory(workshop.folder.path("shop")).makeSymlink(Array("link".utf8), to: Array("here".utf8))
        let first = try Workshop.result(workshop.run("backup", "shop", "--json"))
        let shop = try Directory(workshop.folder.path("shop"))
        try shop.remove(Array("link".utf8))
        try workshop.folder.write("shop/link/inside", text: "x")
        try workshop.folder.write("shop/index.html", text: "hello again\n")
        try FileTree.remove(workshop.folder.path("shop/uploads/b") + [0xff])
        let logo = try FileDescriptor(referenceTo: Array("uploads/logo.png".utf8), in: shop)
        try FileMetadata.setPermissions(0o600, of: logo.number)
        try FileMetadata.setModified(Instant(seconds: 5), of: logo.number)
        let second = try Workshop.result(workshop.run("backup", "shop", "--json"))
        return (workshop, [first, second].map { $0["snapshot"]?.text ?? "" })
    }

    private static let contents = [
        "M shop/index.html", "T shop/link (symlink → directory)", "+ shop/link/inside", #"- shop/uploads/b\xff"#,
    ]

    @Test("tells what differs, one line each, and the sum on standard error")
    func lines() throws {
        let (workshop, _) = try prepared()
        let found = workshop.run("diff", "latest~1", "latest")
        #expect(found.exit == 0 && found.output.split(separator: "\n").map { String($0) } == Self.contents)
        #expect(
            found.errors == "1 added (1 B), 1 removed (1 B), 1 with other content (12 B), 1 of another kind\n")
        let same = workshop.run("diff", "latest", "latest")
        #expect(same.exit == 0 && same.output.isEmpty && same.errors == "no differences\n")
        #expect(
            workshop.run("diff", "latest~1:shop/uploads", "latest:shop/uploads", "-q").output == Self.contents[3] + "\n"
        )
        let all = workshop.run("diff", "latest~1", "latest", "--metadata").output.split(separator: "\n")
        #expect(all.contains("U shop/uploads/logo.png (mode, modified)") && all.contains("U shop/uploads (modified)"))
        let back = workshop.run("diff", "latest", "latest~1").output.split(separator: "\n").map { $0.prefix(1) }
        #expect(back == ["M", "T", "-", "+"])
    }

    @Test("a word that looks like a path is one on disk, and nothing else is")
    func disk() throws {
        let (workshop, ids) = try prepared()
        for path in [
            "\(workshop.folder.path)/shop", "./shop", "./shop/../shop/",
            "../\(workshop.folder.path.split(separator: "/").last ?? "")/shop",
        ] {
            let found = workshop.run("diff", "\(ids[0]):shop", path)
            #expect(found.exit == 0, "\(found.errors)")
            #expect(found.output.split(separator: "\n").map { String($0) } == Self.contents, "\(path)")
            #expect(workshop.run("diff", "latest:shop", path, "--metadata", "--read-data").output == "")
        }
        // A whole snapshot is compared as it would be restored: each source under its name.
        let whole = workshop.run("diff", "latest", ".")
        #expect(whole.output.split(separator: "\n").allSatisfy { $0.hasPrefix("+ repository") })
        #expect(workshop.run("diff", "latest", "shop").exit == 2)
        #expect(workshop.run("diff", "./shop", "latest").errors.contains("only the second operand can be on disk"))
        #expect(workshop.run("diff", "latest:shop", "./absent").exit == 1)
        #expect(workshop.run("diff", "latest", "latest:shop/index.html").exit == 2)
        #expect(workshop.run("diff", "latest").exit == 2)
    }

    @Test("--json tells old and new of each difference, and counts")
    func json() throws {
        let (workshop, ids) = try prepared()
        let said = workshop.run("diff", "latest~1", "latest", "--json", "--metadata")
        let objects = try said.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
        let index = try #require(objects.first { $0["path"]?.text == "shop/index.html" })
        #expect(index["type"]?.text == "difference" && index["change"]?.text == "content")
        #expect(index["properties"] == ["content", "size", "modified"])
        #expect(index["old"]?["size"]?.whole == 6 && index["new"]?["size"]?.whole == 12)
        #expect(index["old"]?["path"] == nil && index["new"]?["sha256"]?.text?.count == 64)
        let gone = try #require(objects.first { $0["pathBytes"]?.text != nil })
        #expect(gone["change"]?.text == "removed" && gone["new"] == .null && gone["old"]?["size"]?.whole == 1)
        let result = try #require(objects.last)
        #expect(result["old"]?.text == ids[0] && result["new"]?.text == ids[1])
        let counts = ["added", "removed", "content", "kind"].map { result[$0]?.whole }
        #expect(counts == [1, 1, 1, 1] && result["metadata"]?.whole == 3)
        #expect(result["bytesChanged"]?.whole == 12 && result["bytesRead"]?.whole == 0)
        let disk = try Workshop.result(workshop.run("diff", "latest~1:shop", "./shop", "--json"))
        #expect(disk["new"] == .null && disk["added"]?.whole == 1)
    }
}
