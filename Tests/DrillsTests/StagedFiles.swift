import Backups
import ConformanceSuites
import DataSources
import Entries
import Formats
import Glibc
import Platform
import Repositories
import Testing

@testable import Drills

/// A tree of files and one file of it as a source of its own, saved in a repository and brought back by the drill's own
/// recovery.
final class StagedFiles {
    private let system: DrilledSystem
    private let snapshot: DrilledSnapshot
    private let ground: StagingGround
    private var area: StagingArea?
    private static let check = FilesManifestCheck.identifier

    /// Saves the tree.
    init() throws {
        system = try DrilledSystem()
        ground = try StagingGround()
        let top = try Directory(system.files)
        try top.makeSymlink(Array("link".utf8), to: Array("index.html".utf8))
        try top.makeNode(Array("pipe".utf8), mode: 0o010600, device: 0)
        try FileTree.write(Array("odd".utf8), to: system.files + Array("/line\nbreak".utf8))
        for name in ["one", "two"] {
            try FileTree.write(Array("content \(name)".utf8), to: system.files + Array("/\(name)".utf8))
        }
        let single = BackupPlan.Source(name: "single", adapter: FilesAdapter(path: system.files + Array("/one".utf8)))
        snapshot = try DrilledSnapshot(try system.backUp([single]), in: system.repository)
    }

    /// The tree, with everything that the check claims to see.
    var tree: StagedCopy {
        StagedCopy(damages: losses + changes + strangers + [manifestOfMore], losses: absences) {
            try self.bringBack(source: 0)
        }
    }

    /// The file.
    var single: StagedCopy {
        StagedCopy(
            damages: [
                damage("one byte changed", ["single has other bytes"]) { try Self.write([0x58], at: 3, $0, "") },
                damage("a byte more", ["single has 12 bytes instead of 11"]) { try Self.write([0x58], at: 11, $0, "") },
                damage("a directory in its place", ["single is a directory"]) { path in
                    try FileTree.remove(path)
                    try FileTree.makeDirectories(path)
                },
                manifestOfMore,
            ], losses: absences
        ) { try self.bringBack(source: 1) }
    }

    private var absences: [StagedCopy.Loss] {
        [
            .init("empty staging") { try FileTree.remove(Self.path($0)) },
            .init("another place") { $0.place = .files(Self.path($0) + Array("-away".utf8)) },
        ]
    }

    private func bringBack(source number: Int) throws -> CheckSubject {
        let area = try ground.area()
        _ = self.area?.remove()
        self.area = area
        try area.makeDirectory("files", for: nil)
        let source = snapshot.sources[number]
        let order = RecoveryOrder(
            source: source, snapshot: snapshot, number: 0, area: area, user: nil,
            options: DrillOptions(stagingDirectory: ground.path, threads: 2, tool: "salvor test", identity: "password"),
            clock: SystemClock(), cancellation: NeverCancelled())
        let recovery = try RecoveryCatalog.recovery(of: order)
        try recovery.provision()
        #expect(try recovery.load().findings == [])
        try recovery.settle()
        try recovery.start()
        return CheckSubject(
            source: source.name, tree: source.tree, root: source.root, place: try recovery.place,
            rowHashKey: system.repository.rowHashKey, threads: 2)
    }

    private var losses: [StagedCopy.Damage] {
        [
            damage("a file removed", ["index.html is missing"]) { try FileTree.remove($0 + Array("/index.html".utf8)) },
            damage("an empty file removed", ["empty is missing"]) { try FileTree.remove($0 + Array("/empty".utf8)) },
            damage("a directory removed", ["deep is missing"]) { try FileTree.remove($0 + Array("/deep".utf8)) },
            damage("a symlink removed", ["link is missing"]) { try Directory($0).remove(Array("link".utf8)) },
            damage("a pipe removed", ["pipe is missing"]) { try Directory($0).remove(Array("pipe".utf8)) },
            damage("a file with an odd name removed", ["line\\x0abreak is missing"]) {
                try Directory($0).remove(Array("line\nbreak".utf8))
            },
            damage("everything in the root removed", ["index.html", "deep", "link", "one", "two"]) { path in
                let top = try Directory(path)
                for name in try top.names() { try FileTree.remove(path + [UInt8(ascii: "/")] + name) }
            },
        ]
    }

    private var changes: [StagedCopy.Damage] {
        [
            damage("one byte changed", ["deep/er/picture.bin has other bytes"]) {
                try Self.write([0x58], at: 150_000, $0, "deep/er/picture.bin")
            },
            damage("the last byte cut off", ["deep/er/picture.bin has 299999 bytes"]) { path in
                try Self.change(path, "deep/er/picture.bin") { try $0.truncate(to: 299_999) }
            },
            damage("a byte more", ["index.html has 15 bytes"]) { try Self.write([0x58], at: 14, $0, "index.html") },
            damage("two files exchanged", ["one has other bytes", "two has other bytes"]) {
                try Self.write(Array("two".utf8), at: 8, $0, "one")
                try Self.write(Array("one".utf8), at: 8, $0, "two")
            },
            damage("another time", ["one has another modification time"]) { path in
                let file = try FileDescriptor(opening: path + Array("/one".utf8), O_RDWR)
                try FileMetadata.setModified(Instant(seconds: 1), of: file.number)
            },
            damage("another target", ["link leads to another target"]) { path in
                let (top, name) = (try Directory(path), Array("link".utf8))
                let time = try top.status(of: name).modified
                try top.remove(name)
                try top.makeSymlink(name, to: Array("empty".utf8))
                let link = try FileDescriptor(referenceTo: name, in: top)
                try FileMetadata.setModified(time, of: link.number)
            },
            damage("a file in the place of a pipe", ["pipe is a file"]) { path in
                try Directory(path).remove(Array("pipe".utf8))
                try FileTree.write([], to: path + Array("/pipe".utf8), mode: 0o600)
            },
            damage("a directory in the place of a file", ["empty is a directory"]) { path in
                try Directory(path).remove(Array("empty".utf8))
                try Directory(path).makeDirectory(Array("empty".utf8))
            },
            damage("a file in the place of the root", ["www is a file"]) { path in
                try FileTree.remove(path)
                try FileTree.write([], to: path)
            },
        ] + (Host.userID == 0 ? [modes] : [])
    }

    private var modes: StagedCopy.Damage {
        damage("another mode, of a file and of a directory", ["one has the mode 4755", "deep has the mode 711"]) {
            path in
            let file = try FileDescriptor(opening: path + Array("/one".utf8), O_RDWR)
            try FileMetadata.setPermissions(0o4755, of: file.number)
            let deep = try Directory(path + Array("/deep".utf8))
            try FileMetadata.setPermissions(0o711, of: deep.number)
        }
    }

    private var strangers: [StagedCopy.Damage] {
        [
            damage("a file too many", ["deep/intruder is not in the snapshot"]) {
                try FileTree.write([1], to: $0 + Array("/deep/intruder".utf8))
            },
            damage("a directory too many", ["deep/er/void is not in the snapshot"]) {
                try Directory($0 + Array("/deep/er".utf8)).makeDirectory(Array("void".utf8))
            },
            damage("very many files too many", ["and 50 more"]) { path in
                for number in 0..<150 { try FileTree.write([1], to: path + Array("/deep/x\(number)".utf8)) }
            },
        ]
    }

    /// The walk saw an entry that the snapshot does not hold.
    private var manifestOfMore: StagedCopy.Damage {
        .init("an entry that never reached the snapshot", [Self.check: ["the source held"]]) { subject in
            let members = (try subject.tree.manifest().members ?? []).map { member in
                JSONValue.Member(
                    member.key, member.key == "files" ? JSONValue((member.value.whole ?? 0) + 1) : member.value)
            }
            subject.tree = ForeignManifest(tree: subject.tree, stated: .object(members))
        }
    }

    /// A damage of what lies at the copy's path. The times of the directories are put back: they tell nothing.
    private func damage(
        _ words: String, _ objects: [String], _ make: @escaping ([UInt8]) throws -> Void
    ) -> StagedCopy.Damage {
        .init(words, [Self.check: objects]) { subject in
            let path = Self.path(subject)
            let directories = ["", "/deep", "/deep/er"].map { path + Array($0.utf8) }
            let times = directories.map { try? FileStatus(of: $0, following: false).modified }
            try make(path)
            for (directory, time) in zip(directories, times) {
                guard let time, let open = try? Directory(directory) else { continue }
                try FileMetadata.setModified(time, of: open.number)
            }
        }
    }

    private static func path(_ subject: CheckSubject) -> [UInt8] {
        guard case .files(let path) = subject.place else { preconditionFailure("files came back to no directory") }
        return path
    }

    private static func write(_ bytes: [UInt8], at offset: UInt64, _ path: [UInt8], _ name: String) throws {
        try change(path, name) { try $0.write(bytes.span, at: offset) }
    }

    /// Changes a file below the path, or at it, and puts its time back.
    private static func change(
        _ path: [UInt8], _ name: String, _ body: (borrowing FileDescriptor) throws -> Void
    ) throws {
        let file = try FileDescriptor(opening: path + (name.isEmpty ? [] : Array("/\(name)".utf8)), O_RDWR)
        let time = try file.status().modified
        try body(file)
        try FileMetadata.setModified(time, of: file.number)
    }
}
