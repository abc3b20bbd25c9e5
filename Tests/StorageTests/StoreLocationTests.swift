import Platform
import Storage
import Testing

@Suite("Where a store is")
struct StoreLocationTests {
    @Test(
        "paths and file URLs name a folder",
        arguments: [
            ("/srv/backups", "/srv/backups"), ("backups", "backups"), ("./s3:x", "./s3:x"), ("/a:b/c", "/a:b/c"),
            ("c:", "c:"), ("file:///srv/b%20x", "/srv/b x"), ("file://localhost/srv", "/srv"), ("file:/srv", "/srv"),
            ("FILE:///%c3%A4", "/ä"), ("ü:/x", "ü:/x"),
        ])
    func folders(text: String, path: String) throws {
        let location = try StoreLocation(text)
        #expect(location.scheme == "file")
        #expect(location.path == Array(path.utf8))
    }

    @Test(
        "what is no location is refused",
        arguments: [
            "", "file://host/srv", "file:srv", "file:////srv", "file:///%zz", "file:///%4", "file:///%00",
            "file:///%+1", "a\0b",
        ])
    func refused(text: String) {
        let failure = #expect(throws: Failure.self) { try StoreLocation(text) }
        #expect(failure?.kind == .usage)
    }

    @Test("a store that this version has not is refused with what it has, and a password in the URL is not repeated")
    func unknownScheme() throws {
        let location = try StoreLocation("sftp://nightly:hunter2@host/srv")
        for attempt in [StoreCatalog.open, StoreCatalog.create] {
            let failure = #expect(throws: Failure.self) { try attempt(location) }
            #expect(failure?.kind == .usage)
            #expect(failure?.sentence.contains("sftp") == true)
            #expect(failure?.hint?.contains("file:///") == true)
            #expect(failure?.description.contains("hunter2") == false)
        }
        #expect(!"\(location)".contains("hunter2"))
    }

    @Test(
        "names of objects are plain: no empty part, no dots alone, no capitals, nothing absolute",
        arguments: [
            "", "/a", "a/", "a//b", "..", "a/../b", "./a", "A", "a b", "a\0", "ä", "~new-x", "packs/AA",
        ])
    func badNames(text: String) { #expect(ObjectName(text) == nil) }
}
