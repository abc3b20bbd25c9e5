import Entries
import Platform
import Testing

@testable import Commands

@Suite("How ls -l shows an entry")
struct EntryListingTests {
    @Test(
        "the mode is written as ls writes it",
        arguments: [
            (0o644, "-rw-r--r--"), (0o755, "-rwxr-xr-x"), (0o4755, "-rwsr-xr-x"), (0o4644, "-rwSr--r--"),
            (0o2755, "-rwxr-sr-x"), (0o2644, "-rw-r-Sr--"), (0o1777, "-rwxrwxrwt"), (0o1666, "-rw-rw-rwT"),
            (0, "----------"),
        ] as [(UInt16, String)])
    func modes(permissions: UInt16, text: String) {
        var entry = makeEntry(.file)
        entry.permissions = permissions
        #expect(EntryListing.mode(entry) == text)
    }

    @Test("a symlink shows its target, and every kind its letter")
    func kinds() {
        let letters = "-dlpscb"
        for (letter, kind) in zip(letters, Entry.Kind.allCases) {
            var entry = makeEntry(kind)
            entry.linkTarget = [0x2f, 0xff]
            let line = EntryListing.long(entry, path: [0x61])
            #expect(line.first == letter)
            #expect(line.hasSuffix(kind == .symlink ? #"a -> /\xff"# : " a"))
        }
    }

    private func makeEntry(_ kind: Entry.Kind) -> Entry {
        Entry(name: [0x61], kind: kind, permissions: 0o644, modified: Instant(seconds: 0))
    }
}
