import Glibc
import Platform
import TestDoubles

/// File systems of a test's own, mounted in its folder and unmounted with this object.
final class Mounts {
    /// Whether this process may mount a file system in a file; else what it needs to be tested cannot be.
    static let arePermitted: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder("mounts"), let mounts = try? Mounts(in: folder) else {
            return false
        }
        return (try? mounts.ext4("probe", megabytes: 16)) != nil
    }()

    private let folder: TemporaryFolder
    private var mounted: [String] = []

    /// Nothing is mounted yet.
    init(in folder: TemporaryFolder) throws { self.folder = folder }

    deinit {
        for place in mounted { _ = try? Self.run(["umount", "-l", place]) }
    }

    /// Mounts a fresh ext4 in a file, by a loop device, and answers where.
    func ext4(_ name: String, megabytes: Int, inodes: Int = 4096) throws -> String {
        let image = "\(folder.path)/\(name).img"
        try Self.run(["truncate", "-s", "\(megabytes)M", image])
        try Self.run(["mkfs.ext4", "-q", "-F", "-N", "\(inodes)", image])
        return try mount(name, ["-o", "loop", image])
    }

    /// Mounts a fresh file system in memory, and answers where.
    func tmpfs(_ name: String, megabytes: Int) throws -> String {
        try mount(name, ["-t", "tmpfs", "-o", "size=\(megabytes)M,nr_inodes=0", "tmpfs"])
    }

    private func mount(_ name: String, _ what: [String]) throws -> String {
        let place = "\(folder.path)/\(name)"
        try FileTree.makeDirectories(Array(place.utf8), mode: 0o755)
        try Self.run(["mount"] + what + [place])
        mounted.append(place)
        unsafe chmod(place, 0o755)
        return place
    }

    private static func run(_ words: [String]) throws {
        let outcome = try ChildProcess.run(words, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        guard outcome.ending.succeeded else { throw Failure(.failed, "\(words)", cause: outcome.complaint) }
    }
}
