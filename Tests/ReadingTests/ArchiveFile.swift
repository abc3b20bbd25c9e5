import Platform
import Reading
import Repositories
import TestDoubles

/// An archive in a file, and what real tar makes of it.
struct ArchiveFile {
    let folder: TemporaryFolder
    let outcome: ArchiveOutcome
    var path: String { folder.path + "/archive.tar" }

    /// Writes the archive of an item.
    init(_ item: SnapshotItem, _ reader: ChunkReader, linkBytes: Int = 32 << 20) throws {
        folder = try TemporaryFolder("archive")
        let directory = try Directory(folder.bytes)
        let file = try NewFile(in: directory)
        outcome = try ArchiveRun(item, reader: reader, linkBytes: linkBytes) { try file.append($0) }.run()
        _ = try file.finish(as: Array("archive.tar".utf8), in: directory)
    }

    /// The archive's bytes.
    func bytes() throws -> [UInt8] { try FileTree.read(folder.path("archive.tar"), limit: 1 << 30) }

    /// Unpacks everything into `out`, by root with all that tar knows; answers tar's exit code and what it says.
    func extract(_ options: [String] = ["--acls", "--xattrs", "--xattrs-include=*"]) throws -> (
        code: Int32, said: String
    ) {
        try FileTree.makeDirectories(folder.path("out"))
        return try Self.tar(["-x"] + options + ["-C", "\(folder.path)/out", "-f", path])
    }

    /// Runs tar.
    static func tar(_ words: [String]) throws -> (code: Int32, said: String) {
        let outcome = try ChildProcess.run(
            ["tar"] + words, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], limit: 64 << 20)
        return (outcome.ending.code, String(decoding: outcome.output + outcome.errors, as: UTF8.self))
    }

    /// How what was unpacked differs from a tree, by Scripts/compare-trees.
    func differences(_ tree: [UInt8], _ name: String, _ options: [String] = []) throws -> [String] {
        let top = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        let outcome = try ChildProcess.run(
            ["/usr/bin/python3", top + "/Scripts/compare-trees"] + options + [
                String(decoding: tree, as: UTF8.self), "\(folder.path)/out/\(name)",
            ],
            environment: ["PATH": "/usr/bin:/bin"])
        guard [0, 1].contains(outcome.ending.code) else {
            throw Failure(.failed, "compare-trees: \(outcome.complaint)")
        }
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").map { String($0) }
    }
}
