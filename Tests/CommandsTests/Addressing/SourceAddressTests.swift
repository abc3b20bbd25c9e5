import Platform
import Testing

@testable import Commands

@Suite("SOURCE: [NAME=]LOCATION")
struct SourceAddressTests {
    private func parse(_ words: String...) throws -> [SourceAddress] {
        try SourceAddress.parse(words.map { Array($0.utf8) }, workingDirectory: Array("/home/anna".utf8))
    }

    private func path(_ text: String) -> SourceAddress.Location { .path(Array(text.utf8)) }

    @Test(
        "a path without a name is named after its last component, in lower case, other bytes as -",
        arguments: [
            ("/srv/shop", "shop", "/srv/shop"), ("/srv/Shop Data", "shop-data", "/srv/Shop Data"),
            ("/", "root", "/"), ("//", "root", "/"), ("/srv/shop/", "shop", "/srv/shop"),
            ("uploads", "uploads", "/home/anna/uploads"), (".", "anna", "/home/anna"),
            ("./x/./y//z", "z", "/home/anna/x/y/z"), ("/srv/.config", "config", "/srv/.config"),
            ("/srv/Caf\u{e9}", "caf--", "/srv/Caf\u{e9}"), ("/usr/lib/python3.11", "python3.11", "/usr/lib/python3.11"),
            ("./a=b", "a-b", "/home/anna/a=b"),
        ])
    func defaultNames(word: String, name: String, location: String) throws {
        #expect(try parse(word) == [SourceAddress(name: name, location: path(location))])
    }

    @Test("a long last component gives a name of 63 bytes")
    func longName() throws {
        #expect(try parse("/srv/" + String(repeating: "a", count: 200))[0].name.count == 63)
    }

    @Test("a name of one's own stands before the first =")
    func ownNames() throws {
        #expect(try parse("data=/srv/a=b") == [SourceAddress(name: "data", location: path("/srv/a=b"))])
        #expect(try parse("db.1_x-y=postgres://h/shop")[0].name == "db.1_x-y")
    }

    @Test("a relative path with .. is resolved by the file system")
    func parents() throws {
        let source = try SourceAddress.parse(Array("../usr".utf8), workingDirectory: Array("/tmp".utf8))
        #expect(source == SourceAddress(name: "usr", location: path("/usr")))
        #expect(failure { _ = try parse("/no-such-place/../x") }?.sentence.contains("/no-such-place/..") == true)
    }

    @Test("a path keeps bytes that are no text, and they are shown as \\xHH")
    func bytes() throws {
        let source = try SourceAddress.parse(Array("/srv/".utf8) + [0xff, 0x61], workingDirectory: Array("/".utf8))
        #expect(source.location == .path(Array("/srv/".utf8) + [0xff, 0x61]))
        #expect(source.name == "a")
        #expect(source.locationText == #"/srv/\xffa"#)
    }

    @Test(
        "a database is named after its database, its service, or postgres where it is several",
        arguments: [
            ("postgres://h/Shop", "shop"), ("postgresql://anna@h:5432/shop?sslmode=require", "shop"),
            ("postgres:///shop", "shop"), ("postgres://h/a%20b", "a-b"), ("postgres:service=shop", "shop"),
            ("postgres:host=h dbname=shop service=x", "shop"), ("postgres://h/?databases=a,b", "postgres"),
            ("postgres://h/?databases=*", "postgres"), ("postgres://h/?databases=shop", "shop"),
            ("postgres:service=x databases=*", "postgres"), ("postgres://h/?dbname=shop", "shop"),
        ])
    func databaseNames(word: String, name: String) throws {
        #expect(try parse(word) == [SourceAddress(name: name, location: .postgres(word))])
    }

    @Test("a dash is standard input, by any name, and a file of that name has a path")
    func standardInput() throws {
        #expect(try parse("-") == [SourceAddress(name: "stdin", location: .standardInput)])
        #expect(try parse("db.sql=-") == [SourceAddress(name: "db.sql", location: .standardInput)])
        #expect(try parse("x=./-") == [SourceAddress(name: "x", location: path("/home/anna/-"))])
        #expect(failure { _ = try parse("-", "x=-") }?.kind == .usage)
    }

    @Test("two sources of one name are wrong usage, and the message shows the form that helps")
    func duplicates() {
        let said = salvor("backup", "-r", "/b", "/srv/data", "/var/data")
        #expect(said.exit == 2)
        #expect(said.errors.contains("two sources are named `data`: /srv/data and /var/data"))
        #expect(said.errors.contains("data-2=/var/data"))
    }

    @Test(
        "what is no source is wrong usage",
        arguments: [
            ("Data=/srv", "`Data`"), ("Data=-", "`Data`"), ("=/srv", "cannot name"), ("name=", "no location"),
            ("s3://bucket/x", "s3"), ("s3://bucket/x", "a path, "), ("postgres:host=h", "NAME=postgres:host=h"),
            ("postgres://h/", "NAME="),
            ("/srv/---", "NAME=/srv/---"), (String(repeating: "a", count: 64) + "=/x", "1 to 63"),
        ])
    func refused(word: String, names: String) {
        let refused = failure { _ = try parse(word) }
        #expect(refused?.kind == .usage)
        let said = "\(refused?.sentence ?? "") \(refused?.hint ?? "")"
        #expect(said.contains(names), "\(said)")
    }
}
