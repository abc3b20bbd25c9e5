import CLinux
import Glibc

/// An open file, closed when it goes out of scope.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The kernel's number; valid as long as this value lives.
    package let number: Int32

    /// Takes an open descriptor over.
    package init(owning number: Int32) { self.number = number }

    deinit { _ = Glibc.close(number) }

    /// Opens `path`. `flags` are O_ values (O_CLOEXEC is added).
    package init(opening path: [UInt8], _ flags: Int32, mode: UInt32 = 0o600) throws(Failure) {
        let name = CString(path)
        self.number = try call("open", printable(path)) { unsafe linux_open(name.pointer, flags, mode) }
    }

    /// Opens `name` in a directory. `flags` are O_ values (O_CLOEXEC is added).
    package init(opening name: [UInt8], in directory: Int32, _ flags: Int32, mode: UInt32 = 0o600) throws(Failure) {
        let text = CString(name)
        self.number = try call("open", printable(name)) { unsafe linux_open_at(directory, text.pointer, flags, mode) }
    }

    /// Makes a file that only its owner can read, for writing; EEXIST when the name is taken.
    package init(creating path: [UInt8]) throws(Failure) {
        try self.init(opening: path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    }

    /// Opens a file of our own to append to it; makes it when it is not there.
    package init(appendingTo path: [UInt8]) throws(Failure) {
        try self.init(opening: path, O_WRONLY | O_CREAT | O_APPEND)
    }

    /// Opens a relative `path` that may not leave `directory`, and may not pass through a symlink.
    package init(openingBeneath path: [UInt8], in directory: Int32, _ flags: Int32, mode: UInt32 = 0o600)
        throws(Failure)
    {
        let text = CString(path)
        self.number = try call("open", printable(path)) {
            unsafe linux_open_beneath(directory, text.pointer, flags, mode)
        }
    }

    /// Refers to what a relative `path` leads to inside `directory`, whatever it is. Symlinks are followed as long as
    /// they stay in it; one that leads out is a failure (EXDEV).
    package init(referenceInside path: [UInt8], in directory: Directory) throws(Failure) {
        let text = CString(path)
        self.number = try call("look at", printable(path)) {
            unsafe linux_open_inside(directory.number, text.pointer, linux_reference)
        }
    }

    /// Opens `name` for reading its content: no symlink is followed, no FIFO waited for, the access time left as it is
    /// where that is allowed. What was opened may be no regular file: ask for its status.
    package init(contentOf name: [UInt8], in directory: Directory) throws(Failure) {
        let text = CString(name)
        self.number = try call("open", printable(name)) { unsafe linux_open_content(directory.number, text.pointer) }
    }

    /// Opens `name` itself, whatever it is, only to refer to it: no right to read it is needed.
    package init(referenceTo name: [UInt8], in directory: Directory) throws(Failure) {
        let text = CString(name)
        self.number = try call("look at", printable(name)) {
            unsafe linux_open_reference(directory.number, text.pointer)
        }
    }

    /// Makes a file that has no name yet, for reading and writing; unless it is given one, it is gone when it is
    /// closed.
    package init(unnamedIn directory: Directory, mode: UInt32 = 0o600) throws(Failure) {
        try self.init(opening: Array(".".utf8), in: directory.number, O_RDWR | linux_unlinked_file, mode: mode)
    }

    /// Reads into the free room of `buffer`, at most `limit` bytes; 0 is the end.
    package func read(into buffer: inout Buffer, limit: Int = .max) throws(Failure) -> Int {
        try Self.read(from: number, into: &buffer, limit: limit)
    }

    /// Reads from a descriptor that somebody else owns.
    static func read(from number: Int32, into buffer: inout Buffer, limit: Int = .max) throws(Failure) -> Int {
        let wanted = min(buffer.room, limit)
        var outcome = 0
        var failure: Failure?
        _ = unsafe buffer.fill { free in
            do throws(Failure) {
                outcome = try call("read", Self.name(of: number)) {
                    unsafe Glibc.read(number, free.baseAddress, wanted)
                }
                return outcome
            } catch { failure = error; return 0 }
        }
        if let failure { throw failure }
        return outcome
    }

    /// Reads `count` bytes at `offset` into the free room of `buffer`; fewer only at the end of the file.
    package func read(into buffer: inout Buffer, at offset: UInt64, count: Int) throws(Failure) -> Int {
        precondition(buffer.room >= count)
        var total = 0
        while total < count {
            var failure: Failure?
            let got = unsafe buffer.fill { free in
                do throws(Failure) {
                    return try call("read", Self.name(of: number)) {
                        unsafe pread(number, free.baseAddress, count - total, Int(offset) + total)
                    }
                } catch { failure = error; return 0 }
            }
            if let failure { throw failure }
            if got == 0 { break }
            total += got
        }
        return total
    }

    /// Writes all of `bytes` at the current offset.
    package func write(_ bytes: Span<UInt8>) throws(Failure) { try Self.write(bytes, to: number) }

    /// Writes to a descriptor that somebody else owns.
    static func write(_ bytes: Span<UInt8>, to number: Int32) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let from = done
            done += try call("write to", Self.name(of: number)) {
                unsafe bytes.withUnsafeBufferPointer {
                    unsafe Glibc.write(number, $0.baseAddress! + from, $0.count - from)
                }
            }
        }
    }

    /// Writes all of `bytes` at `offset`.
    package func write(_ bytes: Span<UInt8>, at offset: UInt64) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let from = done
            done += try call("write to", Self.name(of: number)) {
                unsafe bytes.withUnsafeBufferPointer {
                    unsafe pwrite(number, $0.baseAddress! + from, $0.count - from, Int(offset) + from)
                }
            }
        }
    }

    /// Sets the file's length.
    package func truncate(to length: UInt64) throws(Failure) {
        _ = try call("set the length of", Self.name(of: number)) { ftruncate(number, Int(length)) }
    }

    /// Waits until the content is on the device.
    package func synchronise() throws(Failure) {
        _ = try call("synchronise", Self.name(of: number)) { fsync(number) }
    }

    /// Waits until everything of this file system is on the device.
    package func synchroniseFilesystem() throws(Failure) {
        _ = try call("synchronise", "the file system") { linux_sync_filesystem(number) }
    }

    /// Takes the file's lock for as long as it is open; false when another open file has it.
    package func tryLock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

    /// What the kernel says of the open file.
    package func status() throws(Failure) -> FileStatus { try FileStatus(of: [], in: number, following: false) }

    /// What an open descriptor is, for a message: its path as the kernel has it now.
    static func name(of number: Int32) -> String {
        let link = CString("/proc/self/fd/\(number)")
        var target = [CChar](repeating: 0, count: 4096)
        let length = unsafe readlink(link.pointer, &target, target.count)
        let path = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        return length > 0 ? printable(path) : "descriptor \(number)"
    }

    /// Gives the descriptor up to the caller, who must close it.
    package consuming func release() -> Int32 {
        let kept = number
        discard self
        return kept
    }
}
