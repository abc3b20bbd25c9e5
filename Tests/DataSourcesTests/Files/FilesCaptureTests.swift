import CThreadIdentity
import DataSources
import Entries
import Glibc
import Platform
import TestDoubles
import Testing

/// Gives the contents that an adapter adds to whoever made it, unread, and does something when the root is known.
private final class HoldingSink: CaptureSink, @unchecked Sendable {
    private(set) var contents: [String: any ContentSource] = [:]
    private(set) var names: [String] = []
    private(set) var findings: [Finding] = []
    /// How many directories were entered and not left.
    private(set) var depth = 0
    private let meanwhile: (String) throws -> Void

    /// `meanwhile` is told the name of everything as it comes; the root's is empty. It must not hold the folder: a
    /// content holds its sink, and this sink its contents.
    init(meanwhile: @escaping (String) throws -> Void = { _ in }) { self.meanwhile = meanwhile }

    func root(_ entry: Entry, content: (any ContentSource)?, order: ChildOrder) throws { try meanwhile("") }
    func takesOver(_ entry: Entry) throws -> Bool { false }
    func add(_ entry: Entry, content: (any ContentSource)?) throws {
        names.append(printable(entry.name))
        if let content { contents[printable(entry.name)] = content }
        try meanwhile(printable(entry.name))
    }
    func enter(_ directory: Entry, order: ChildOrder) throws {
        names.append(printable(directory.name))
        depth += 1
    }
    func leave() throws { depth -= 1 }
    func settle() throws {}
    func report(_ finding: Finding) { findings.append(finding) }
    func checkCancellation() throws {}
}

@Suite("A tree that changes or hides is captured as far as it can be, and the rest is named")
struct FilesCaptureTests {
    private let folder: TemporaryFolder
    private let context = CaptureContext(rowHashKey: [], readers: 1, clock: SystemClock())

    init() throws {
        folder = try TemporaryFolder("capture")
        for name in ["a", "b", "dir/c"] { try folder.write("tree/\(name)", text: "0123456789") }
    }

    private func capture(_ sink: HoldingSink) throws {
        _ = try FilesAdapter(path: folder.path("tree")).capture(into: sink, context: context)
    }

    private func change(_ name: String, _ body: (borrowing FileDescriptor) throws -> Void) throws {
        try body(try FileDescriptor(opening: folder.path("tree/\(name)"), O_RDWR))
    }

    /// Reads a content in pieces of four bytes; `meanwhile` runs after the first.
    private func read(
        _ content: any ContentSource, meanwhile: () throws -> Void
    ) throws -> (bytes: [UInt8], entry: Entry, unchanged: Bool) {
        let reader = try content.open()
        var buffer = Buffer(capacity: 4)
        var bytes: [UInt8] = []
        while true {
            buffer.clear()
            let more = try reader.read(into: &buffer)
            if bytes.isEmpty { try meanwhile() }
            bytes.append(buffer.bytes)
            if !more { break }
        }
        let (entry, unchanged) = try reader.finish()
        return (bytes, entry, unchanged)
    }

    @Test("what vanishes between the list and the look is a notice, and the rest is captured")
    func vanished() throws {
        let sink = HoldingSink { [path = folder.path("tree/a")] name in
            if name.isEmpty { try FileTree.remove(path) }
        }
        try capture(sink)
        #expect(sink.findings == [Finding(.notice, "a", "vanished while the tree was read")])
        #expect(sink.names == ["b", "dir", "c"])
    }

    @Test("a directory that is moved away under the walk costs what was left of it, and no more")
    func movedAway() throws {
        // Deeper than directories are kept open, so that the one at the top must be opened again.
        var place = try Directory(folder.path("tree/dir"))
        for _ in 0..<400 {
            try place.makeDirectory([UInt8(ascii: "d")])
            place = try Directory([UInt8(ascii: "d")], in: place)
        }
        for name in ["tree/dir/later", "tree/later"] { try folder.write(name, text: "x") }
        let sink = HoldingSink { [path = folder.path("tree")] name in
            guard name == "c" else { return }
            try Directory(path).rename(Array("dir".utf8), to: Array("elsewhere".utf8))
        }
        try capture(sink)
        #expect(sink.findings.map(\.object) == ["dir"])
        #expect(sink.findings.map(\.weight) == [.missing])
        #expect(sink.names.filter { $0 == "later" }.count == 1)
        #expect(sink.depth == 0)
    }

    @Test("what vanishes before it is opened says so with ENOENT")
    func vanishedLater() throws {
        let sink = HoldingSink()
        try capture(sink)
        try FileTree.remove(folder.path("tree/dir/c"))
        let content = try #require(sink.contents["c"])
        let failure = #expect(throws: Failure.self) { try content.open() }
        #expect(failure?.systemError == ENOENT)
        #expect(failure?.sentence.contains("dir/c") == true)
    }

    @Test(
        "a FIFO put in a file's place does not hang the reader, and a symlink is not followed",
        arguments: [true, false])
    func exchanged(fifo: Bool) throws {
        let sink = HoldingSink()
        try capture(sink)
        let top = try Directory(folder.path("tree"))
        try top.remove(Array("a".utf8))
        if fifo {
            try top.makeNode(Array("a".utf8), mode: 0o010644, device: 0)
        } else {
            try top.makeSymlink(Array("a".utf8), to: Array("b".utf8))
        }
        let content = try #require(sink.contents["a"])
        #expect(throws: Failure.self) { try content.open() }
    }

    @Test("a file that grows while it is read is given as long as it was, and called changed")
    func grows() throws {
        let sink = HoldingSink()
        try capture(sink)
        let outcome = try read(#require(sink.contents["a"])) {
            try change("a") { try $0.write(Array("more".utf8).span, at: 10) }
        }
        #expect(outcome.bytes == Array("0123456789".utf8))
        #expect(outcome.entry.size == 10)
        #expect(!outcome.unchanged)
    }

    @Test("a file that shrinks while it is read has as many bytes as were given, and is called changed")
    func shrinks() throws {
        let sink = HoldingSink()
        try capture(sink)
        let outcome = try read(#require(sink.contents["a"])) { try change("a") { try $0.truncate(to: 6) } }
        #expect(outcome.bytes == Array("012345".utf8))
        #expect(outcome.entry.size == 6)
        #expect(!outcome.unchanged)
    }

    @Test("a file that is left alone is called unchanged")
    func still() throws {
        let sink = HoldingSink()
        try capture(sink)
        let outcome = try read(#require(sink.contents["b"])) {}
        #expect(outcome.unchanged)
        #expect(outcome.bytes == Array("0123456789".utf8))
    }

    @Test("what a user may not read is named, and everything else is captured", .enabled(if: geteuid() == 0))
    func forbidden() throws {
        try folder.write("tree/locked/inside", text: "x")
        for (name, mode) in [("", 0o755), ("tree/a", 0o000), ("tree/locked", 0o000)] as [(String, mode_t)] {
            unsafe chmod("\(folder.path)/\(name)", mode)
        }
        unsafe chmod("\(folder.path)/tree", 0o755)
        unsafe chmod("\(folder.path)/tree/dir", 0o755)
        let path = folder.path("tree")
        try ThreadScope.run { scope in
            scope.start("ordinary-user") {
                guard become_on_this_thread(65534, 65534) == 0 else {
                    throw Failure.system("become", "an ordinary user")
                }
                let recording = try RecordingSink.record(FilesAdapter(path: path))
                let missing = recording.findings.filter { $0.weight == .missing }.map(\.object).sorted()
                #expect(missing == ["a", "locked"])
                #expect(recording.files().keys.sorted() == ["b", "dir/c"])
                #expect(recording.sink.node([Array("locked".utf8)])?.entry.permissions == 0)
            }
        }
    }

    @Test("a source that is not there is told before anything begins")
    func absent() throws {
        let adapter = FilesAdapter(path: folder.path("nowhere"))
        let failure = #expect(throws: Failure.self) { try adapter.probe() }
        #expect(failure?.sentence.contains("nowhere") == true)
        try FilesAdapter(path: folder.path("tree")).probe()
        try FilesAdapter(path: folder.path("tree/a")).probe()
    }

    @Test("a location is the absolute path, whatever way it was written")
    func locations() {
        #expect(FilesAdapter(path: Array("/usr//share/./doc/".utf8)).location == "/usr/share/doc")
        #expect(FilesAdapter(path: Array("/".utf8)).location == "/")
        #expect(FilesAdapter(path: Array("x".utf8)).location == printable(Environment.workingDirectory()) + "/x")
    }
}
