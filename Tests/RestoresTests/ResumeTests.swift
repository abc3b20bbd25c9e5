import Backups
import DataSources
import Entries
import Glibc
import Platform
import Repositories
import Restores
import Storage
import TestDoubles
import TestRepositories
import Testing

@Suite("A restore that was ended early")
struct ResumeTests {
    private static let size = 40 << 20

    /// A large file of noise, one with a hole, and small ones around them.
    private static func fill(_ folder: TemporaryFolder) throws {
        try folder.write("in/large", noise(size, seed: 5))
        try folder.write("in/a", text: "small")
        try folder.write("in/sub/z", text: "small too")
    }

    /// Ends a restore in the middle of the large file; answers how many bytes of it were kept.
    private func interrupt(_ saved: Saved, after: Int = 40) throws -> UInt64 {
        let failure = #expect(throws: Failure.self) { try saved.restore(cancellation: CancelledAfter(after)) }
        #expect(failure?.kind == .interrupted)
        #expect(try Directory(saved.folder.path("out/web")).names().contains(Array("large".utf8)) == false)
        let part = try #require(try self.part(saved))
        return try FileStatus(of: part, following: false).blocks * 512
    }

    /// The path of the one part that a restore left in its journal.
    private func part(_ saved: Saved) throws -> [UInt8]? {
        let target = saved.folder.path("out")
        guard let area = try Directory(target).names().first(where: { $0.starts(with: RestoreArea.prefix) }) else {
            return nil
        }
        let path = target + [UInt8(ascii: "/")] + area
        let parts = try Directory(path).names().filter { $0.starts(with: "part-".utf8) }
        #expect(parts.count == 1)
        return parts.first.map { path + [UInt8(ascii: "/")] + $0 }
    }

    private func expectEqual(_ saved: Saved, _ message: String = "") throws {
        let facts = try FolderFacts(saved.folder.path("out/web"))
        #expect(try facts.differences(from: FolderFacts(saved.folder.path("in"))) == [], "\(message)")
        let names = try Directory(saved.folder.path("out")).names().map { printable($0) }
        #expect(names == ["web"], "the journal is gone")
    }

    @Test("goes on in the middle of a large file, and fetches only what was missing")
    func middle() throws {
        let saved = try Saved(Self.fill)
        let kept = try interrupt(saved)
        #expect(kept > 8 << 20 && kept < Self.size, "\(kept) bytes are kept")
        let outcome = try saved.restore()
        #expect(outcome.isResumed && outcome.missing == [])
        #expect(outcome.bytesFetched < UInt64(Self.size) - kept + 1 << 20, "\(outcome.bytesFetched) fetched")
        try expectEqual(saved)
    }

    @Test("does not believe a part whose bytes have changed meanwhile, nor one that is too long")
    func changedPart() throws {
        let saved = try Saved(Self.fill)
        for change in 0..<3 {
            try? FileTree.remove(saved.folder.path("out"))
            _ = try interrupt(saved)
            let file = try FileDescriptor(opening: try #require(try part(saved)), O_RDWR)
            switch change {
            case 0: try file.write([1, 2, 3].span, at: 100)
            case 1: try file.truncate(to: 1 << 20)
            default: try file.truncate(to: 100 << 20)
            }
            #expect(try saved.restore().missing == [])
            try expectEqual(saved, "change \(change)")
        }
    }

    @Test("does not believe a part in whose holes something lies")
    func filledHole() throws {
        let saved = try Saved { folder in
            try folder.write("in/large", noise(18 << 20, seed: 6))
            let file = try FileDescriptor(opening: folder.path("in/large"), O_RDWR)
            try file.truncate(to: 60 << 20)
            try file.write(noise(1 << 20, seed: 7).span, at: 50 << 20)
        }
        _ = try interrupt(saved, after: 25)
        let part = try #require(try self.part(saved))
        let file = try FileDescriptor(opening: part, O_RDWR)
        try file.write([9].span, at: 30 << 20)
        #expect(try saved.restore().missing == [])
        try expectEqual(saved)
    }

    @Test("finishes what the first run made, also where it may replace nothing; one that made nothing leaves nothing")
    func smallFiles() throws {
        let saved = try Saved { folder in
            for number in 0..<50 { try folder.write("in/f\(number)", noise(10_000, seed: UInt64(number))) }
        }
        #expect(throws: Failure.self) { try saved.restore(cancellation: CancelledAfter(1)) }
        #expect(try Directory(saved.folder.path("out")).names() == [])
        #expect(throws: Failure.self) { try saved.restore(cancellation: CancelledAfter(30)) }
        #expect(try saved.restore().isResumed)
        try expectEqual(saved)
    }

    @Test("is refused while another process is at it, and when its journal is somebody else's")
    func twoAtOnce() throws {
        let saved = try Saved(Self.fill)
        _ = try interrupt(saved)
        let area = try #require(try part(saved)).split(separator: UInt8(ascii: "/")).dropLast()
        let path = [UInt8(ascii: "/")] + area.joined(separator: [UInt8(ascii: "/")])
        do {
            let other = try Directory(path)
            #expect(try other.takeLock())
            let failure = #expect(throws: Failure.self) { try saved.restore() }
            #expect(failure?.kind == .busy)
        }
        try Directory(path).permit(0o770)
        let failure = #expect(throws: Failure.self) { try saved.restore() }
        #expect(failure?.kind == .refused)
    }

    @Test("of another snapshot into the same target has a journal of its own")
    func otherSnapshot() throws {
        let saved = try Saved(Self.fill)
        _ = try interrupt(saved)
        try saved.folder.write("in/large", noise(Self.size, seed: 8))
        try saved.backUp()
        let outcome = try saved.restore(.ifChanged)
        #expect(outcome.isResumed == false && outcome.missing == [])
        #expect(try saved.files()["large"] == noise(Self.size, seed: 8))
    }
}

@Suite("A restore over what is there")
struct RestoreOverTests {
    @Test("of a large file that changed in place fetches the changed chunks only")
    func inPlace() throws {
        let saved = try Saved { try $0.write("in/large", noise(40 << 20, seed: 5)) }
        try saved.restore()
        let file = try FileDescriptor(opening: saved.folder.path("out/web/large"), O_RDWR)
        try file.write([1, 2, 3].span, at: 20 << 20)
        let outcome = try saved.restore(.ifChanged)
        #expect(outcome.files == 1 && outcome.missing == [])
        #expect(outcome.bytesFetched > 0 && outcome.bytesFetched < 9 << 20, "\(outcome.bytesFetched)")
        #expect(try saved.files()["large"] == noise(40 << 20, seed: 5))
    }

    @Test("gives right files the mode, time and attributes that they have lost, and fetches nothing")
    func refreshed() throws {
        let saved = try Saved(RestoreTests.fill)
        try saved.restore()
        let root = try Directory(saved.folder.path("out/web"))
        for name in ["hello.txt", "decorated", "large.bin"] {
            let file = try FileDescriptor(opening: saved.folder.path("out/web/\(name)"), O_RDONLY)
            try FileMetadata.setPermissions(0o777, of: file.number)
            try FileMetadata.setModified(Instant(seconds: 77), of: file.number)
            try ExtendedAttributes.set(
                ExtendedAttribute(name: Array("user.more".utf8), value: [1]), on: .name(Array(name.utf8), in: root))
        }
        let changed = try FolderFacts(saved.folder.path("out/web"))
        let first = try saved.restore()
        #expect(first.files == 0 && first.missing == [])
        #expect(try FolderFacts(saved.folder.path("out/web")) == changed, "nothing that exists is changed unasked")
        let outcome = try saved.restore(.ifChanged)
        #expect(outcome.files == 0 && outcome.bytesFetched == 0 && outcome.missing == [])
        let facts = try FolderFacts(saved.folder.path("out/web"))
        #expect(try facts.differences(from: FolderFacts(saved.folder.path("in"))) == [])
    }

    @Test("leaves a right file alone that has a name elsewhere, and replaces it when told")
    func foreignLink() throws {
        let saved = try Saved { try $0.write("in/a", text: "same") }
        try saved.restore()
        let out = try Directory(saved.folder.path("out/web"))
        try Directory(saved.folder.path("out")).link(Array("elsewhere".utf8), to: Array("a".utf8), in: out)
        let file = try FileDescriptor(opening: saved.folder.path("out/elsewhere"), O_RDONLY)
        try FileMetadata.setPermissions(0o611, of: file.number)
        let kept = try saved.restore()
        #expect(kept.files == 0 && kept.left == 1 && kept.missing == [])
        #expect(try out.status(of: Array("a".utf8)).inode == file.status().inode)
        let outcome = try saved.restore(.ifChanged)
        #expect(outcome.files == 1)
        #expect(try file.status().permissions == 0o611, "what has another name is not changed")
        #expect(try out.status(of: Array("a".utf8)).inode != file.status().inode)
    }
}
