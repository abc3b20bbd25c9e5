import Formats
import Glibc
import Platform
import Sealing

/// The journal of a restore: a directory in its target that holds what is not finished, so that nothing of it lies
/// anywhere else, and a second run of the same restore finds it. It is removed when the restore is complete.
///
/// Its name says which restore it belongs to. Large files are written in it, under the hash of their path; a run that
/// was killed leaves them there, and the next one goes on with what they hold. One process at a time works in it.
package final class RestoreArea: Sendable {
    /// How its name begins.
    package static let prefix = Array(".salvor-restore-".utf8)
    /// A file from here on is written in the area: what is smaller is fetched again faster than it is found.
    static let partBytes: UInt64 = 16 << 20

    /// Its name in the target.
    package let name: [UInt8]
    /// Whether a run before this one left it.
    package let isResumed: Bool
    let directory: Directory
    let device: UInt64
    private let target: Directory

    private static let note = Array("README".utf8)

    /// Makes the area in `target`, or takes the one that a killed run left. `identity` names the restore, in
    /// hexadecimal digits; `text` tells a person who finds it what it is.
    ///
    /// Throws `.busy` when another process is at the same restore.
    init(in target: Directory, identity: String, text: String) throws(Failure) {
        self.target = target
        name = Self.prefix + Array(identity.utf8)
        var isThere = false
        do throws(Failure) { try target.makeDirectory(name, mode: 0o700) } catch {
            guard error.systemError == EEXIST else { throw error }
            isThere = true
        }
        let directory = try Directory(name, in: target)
        let status = try directory.status()
        // What others may write into is not ours to believe. Of what was just made, a file system without modes may
        // say anything.
        guard !isThere || status.user == Host.userID && status.permissions & 0o022 == 0 else {
            throw Failure(
                .refused, "\(printable(name)) in the target is somebody else's",
                hint: "look what it is, and remove it")
        }
        guard try Self.lock(directory) else {
            throw Failure(
                .busy, "another process restores the same into the same target",
                hint: "wait for it, or end it")
        }
        self.directory = directory
        device = status.device
        isResumed = isThere
        if !isThere {
            let file = try FileDescriptor(
                opening: Self.note, in: directory.number, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
            try file.write(Array(text.utf8).span)
        }
    }

    /// Takes the directory for this process; where a file system knows no locks, nobody can be kept away.
    private static func lock(_ directory: Directory) throws(Failure) -> Bool {
        do throws(Failure) { return try directory.takeLock() } catch {
            guard [ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL].contains(error.systemError) else { throw error }
            return true
        }
    }

    /// Opens a part; it may hold bytes of a run before.
    func openPart(_ name: [UInt8]) throws(Failure) -> FileDescriptor {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW
        do throws(Failure) { return try FileDescriptor(opening: name, in: directory.number, flags, mode: 0o600) } catch
        {
            // A run that was ended right before it gave the file its name had given it its mode.
            guard error.systemError == EACCES else { throw error }
            let reference = try FileDescriptor(referenceTo: name, in: directory)
            try FileMetadata.setPermissions(0o600, of: reference.number)
            return try FileDescriptor(opening: name, in: directory.number, flags, mode: 0o600)
        }
    }

    /// The name of the part into which a file of this path is written.
    func partName(of path: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for name in path {
            bytes += name
            bytes.append(UInt8(ascii: "/"))
        }
        return Array("part-\(Hexadecimal.string(Digest.sha256(bytes.span)))".utf8)
    }

    /// Removes the area and what is left in it. Absent is fine.
    func remove() throws(Failure) { try FileTree.remove(name, in: target) }

    /// Removes the area unless it holds something that the next run can go on with.
    func removeUnlessUseful() {
        guard let names = try? directory.names(), names.allSatisfy({ $0 == Self.note }) else { return }
        try? remove()
    }
}
