import CLinux
import Glibc

/// A file that gets its name only when it is whole: nobody ever sees a part of it. Used by one thread.
///
/// It is written unlinked (O_TMPFILE), so that a killed process leaves nothing. Where the file system cannot do that,
/// it is written under a temporary name and locked as long as its writer lives; `removeStale` clears what the dead
/// left. Dropped without `finish`, it leaves nothing.
package final class NewFile {
    /// How temporary names begin, where they are needed.
    package static let temporaryPrefix = Array("~new-".utf8)

    private let directory: Directory
    private let file: FileDescriptor
    private var temporary: [UInt8]?
    /// How many bytes were appended.
    package private(set) var length: UInt64 = 0

    /// Opens an empty file in `directory`'s file system. With `unlinked` false a temporary name is used at once.
    package init(in directory: Directory, unlinked: Bool = true, mode: UInt32 = 0o600) throws(Failure) {
        self.directory = directory
        if unlinked, let opened = try Self.openUnlinked(in: directory, mode: mode) {
            file = opened
        } else {
            file = try Self.openNamed(in: directory, mode: mode, &temporary)
        }
    }

    deinit {
        if let temporary { try? directory.remove(temporary) }
    }

    /// Appends bytes.
    package func append(_ bytes: Span<UInt8>) throws(Failure) {
        try file.write(bytes)
        length += UInt64(bytes.count)
    }

    /// Puts the content on the device and gives the file its name in `target`, which lies in the same file system; then
    /// puts the name on the device. Answers false, and changes nothing, when the name is taken.
    package func finish(as name: [UInt8], in target: Directory) throws(Failure) -> Bool {
        try file.synchronise()
        guard try give(name, in: target) else { return false }
        try target.synchronise()
        return true
    }

    private func give(_ name: [UInt8], in target: Directory) throws(Failure) -> Bool {
        let to = CString(name)
        let from = temporary.map { CString($0) }
        do throws(Failure) {
            _ = try call("give a file the name", printable(name)) {
                guard let from else { return unsafe linux_link_descriptor(file.number, target.number, to.pointer) }
                let answer = unsafe linux_rename_new(directory.number, from.pointer, target.number, to.pointer)
                if answer == 0 || ![EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) { return answer }
                return unsafe linkat(directory.number, from.pointer, target.number, to.pointer, 0)
            }
        } catch {
            if error.systemError == EEXIST { return false }
            throw error
        }
        if let temporary { try? directory.remove(temporary) }
        temporary = nil
        return true
    }

    /// Removes the temporary files in `directory` whose writers are dead.
    package static func removeStale(in directory: Directory) throws(Failure) {
        for name in try directory.names() where name.starts(with: temporaryPrefix) {
            guard
                let file = try? FileDescriptor(opening: name, in: directory.number, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
                file.tryLock()
            else { continue }
            try? directory.remove(name)
        }
    }

    /// Nil when the file system has no unlinked files.
    private static func openUnlinked(in directory: Directory, mode: UInt32) throws(Failure) -> FileDescriptor? {
        do throws(Failure) {
            return try FileDescriptor(
                opening: Array(".".utf8), in: directory.number, O_RDWR | linux_unlinked_file, mode: mode)
        } catch {
            if [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(error.systemError) { return nil }
            throw error
        }
    }

    private static func openNamed(
        in directory: Directory, mode: UInt32, _ temporary: inout [UInt8]?
    ) throws(Failure) -> FileDescriptor {
        while true {
            let digits = SystemRandomness().bytes(12).map { UInt8(ascii: "a") + $0 % 26 }
            let name = temporaryPrefix + digits
            let file = try FileDescriptor(
                opening: name, in: directory.number, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            // A sweep may have come between the two calls, and taken the file for a dead writer's.
            if file.tryLock(), try file.status().links > 0 {
                temporary = name
                return file
            }
        }
    }
}
