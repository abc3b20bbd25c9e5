import Glibc
import Platform
import Synchronization

/// Objects as files in a folder of this machine, or of a file system that is mounted here.
///
/// Every object is a file of its own, at its name. It is written unlinked and linked when it is on the device, so that
/// it appears whole or not at all, and the kernel answers who was first. Foreign files in the folder are left alone.
package final class LocalStore: StoreBackend, DatedStore {
    package static let scheme = "file"
    package static let summary = "a folder: /srv/backups/shop, or file:///srv/backups/shop"

    package let location: String
    package let guarantees = StoreGuarantees(createIfAbsent: true, completeLists: true)
    private let root: Directory
    private let unlinkedFiles: Bool
    /// The folders whose own names are known to be on the device.
    private let ready = Mutex<Set<String>>([])

    /// Opens the folder at `path`. `unlinkedFiles` false is for file systems that only pretend to have them.
    package init(path: [UInt8], unlinkedFiles: Bool = true) throws(Failure) {
        location = printable(path)
        self.unlinkedFiles = unlinkedFiles
        do throws(Failure) { root = try Directory(path) } catch {
            guard error.systemError == ENOENT || error.systemError == ENOTDIR else {
                throw error.within("cannot open the repository's folder \(printable(path))")
            }
            throw Failure(
                .noRepository, "there is no repository at \(printable(path)): no such folder",
                hint: "check -r, and that the disk is mounted; `salvor init` makes a new repository",
                systemError: error.systemError)
        }
        try? NewFile.removeStale(in: root)
    }

    package static func open(_ location: StoreLocation) throws -> any ObjectStore {
        try LocalStore(path: location.path)
    }

    package static func create(_ location: StoreLocation) throws -> any ObjectStore {
        do throws(Failure) { try FileTree.makeDirectories(location.path) } catch {
            throw error.within("cannot make the repository's folder \(location)")
        }
        return try LocalStore(path: location.path)
    }

    package func create(_ name: ObjectName, _ bytes: Span<UInt8>) throws -> CreateAnswer {
        do throws(Failure) {
            let file = try NewFile(in: root, unlinked: unlinkedFiles)
            try file.append(bytes)
            return try finish(file, as: name)
        } catch { throw explained(error, "store", name.text) }
    }

    package func begin() throws -> any PendingObject {
        do throws(Failure) {
            return LocalPendingObject(try NewFile(in: root, unlinked: unlinkedFiles), in: self)
        } catch { throw explained(error, "begin", "an object") }
    }

    package func read(_ name: ObjectName, limit: Int) throws -> [UInt8] {
        do throws(Failure) {
            let file = try open(name)
            let length = try file.status().size
            guard length <= UInt64(limit) else {
                throw Failure(
                    .damaged, "the object \(name) in \(location) has \(length) bytes; at most \(limit) are right")
            }
            var buffer = Buffer(capacity: Int(length))
            _ = try file.read(into: &buffer, at: 0, count: Int(length))
            return buffer.array()
        } catch { throw explained(error, "read", name.text) }
    }

    package func read(_ name: ObjectName, offset: UInt64, count: Int, into buffer: inout Buffer) throws {
        do throws(Failure) {
            let file = try open(name)
            let (end, overflow) = offset.addingReportingOverflow(UInt64(count))
            let length = try file.status().size
            let within = !overflow && end <= length
            guard within, try file.read(into: &buffer, at: offset, count: count) == count else {
                throw Failure(
                    .damaged, "the object \(name) in \(location) is too short: \(length) bytes",
                    cause: "bytes \(offset) to \(end) were asked for")
            }
        } catch { throw explained(error, "read", name.text) }
    }

    package func length(_ name: ObjectName) throws -> UInt64 {
        do throws(Failure) { return try open(name).status().size } catch { throw explained(error, "read", name.text) }
    }

    package func made(_ name: ObjectName) throws -> Instant {
        do throws(Failure) { return try open(name).status().modified } catch {
            throw explained(error, "read", name.text)
        }
    }

    package func list(_ folder: String, _ body: (ListedObject) throws -> Void) throws {
        let directory: Directory
        do throws(Failure) {
            directory = folder.isEmpty ? root : try Directory(Array(folder.utf8), in: root)
        } catch {
            if error.systemError == ENOENT { return }
            throw explained(error, "list", folder)
        }
        try list(directory, prefix: folder.isEmpty ? "" : folder + "/", body)
    }

    package func remove(_ name: ObjectName) throws {
        do throws(Failure) { try root.remove(Array(name.text.utf8)) } catch {
            if error.systemError == ENOENT || error.systemError == ENOTDIR { return }
            throw explained(error, "remove", name.text)
        }
    }

    private func open(_ name: ObjectName) throws(Failure) -> FileDescriptor {
        // Without O_NONBLOCK a FIFO with an object's name would hold us for ever.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
        let file = try FileDescriptor(opening: Array(name.text.utf8), in: root.number, flags)
        guard try file.status().isRegular else {
            throw Failure(.damaged, "\(name) in \(location) is no regular file", hint: "move it out of the repository")
        }
        return file
    }

    private func list(_ directory: Directory, prefix: String, _ body: (ListedObject) throws -> Void) throws {
        var found: [(text: String, status: FileStatus)] = []
        do throws(Failure) {
            for bytes in try directory.names() {
                let text = prefix + String(decoding: bytes, as: UTF8.self)
                guard ObjectName(text) != nil,
                    let status = try present({ () throws(Failure) in
                        try directory.status(of: bytes)
                    })
                else { continue }
                found.append((status.isDirectory ? text + "/" : text, status))
            }
        } catch { throw explained(error, "list", prefix.isEmpty ? "the folder" : prefix) }
        // With its slash a folder sorts where its objects do.
        found.sort { $0.text < $1.text }
        for (text, status) in found {
            if status.isDirectory {
                let last = text.dropFirst(prefix.count).dropLast()
                guard let below = try present({ () throws(Failure) in try Directory(Array(last.utf8), in: directory) })
                else { continue }
                try list(below, prefix: text, body)
            } else if status.isRegular, let name = ObjectName(text) {
                try body(ListedObject(name: name, length: status.size))
            }
        }
    }

    /// Nil when it was removed meanwhile.
    private func present<Answer>(_ body: () throws(Failure) -> Answer) throws(Failure) -> Answer? {
        do throws(Failure) { return try body() } catch {
            if error.systemError == ENOENT { return nil }
            throw error
        }
    }

    fileprivate func finish(_ file: NewFile, as name: ObjectName) throws(Failure) -> CreateAnswer {
        let (folder, last) = name.parts
        return try file.finish(as: Array(last.utf8), in: makeReady(folder)) ? .created : .exists
    }

    /// Opens a folder for creating in it: makes it when it is missing, and puts its name on the device.
    private func makeReady(_ folder: String) throws(Failure) -> Directory {
        var directory = root
        var path = ""
        for part in folder.split(separator: "/") {
            path += path.isEmpty ? part : "/" + part
            let name = Array(part.utf8)
            let known = ready.withLock { $0.contains(path) }
            if !known {
                do throws(Failure) { try directory.makeDirectory(name) } catch {
                    if error.systemError != EEXIST { throw error }
                }
                try directory.synchronise()
                let done = path
                ready.withLock { _ = $0.insert(done) }
            }
            directory = try Directory(name, in: directory)
        }
        return directory
    }

    /// The failure with the object's and the store's names in it.
    fileprivate func explained(_ failure: Failure, _ action: String, _ object: String) -> Failure {
        guard let code = failure.systemError else { return failure }
        var outer = failure.within("cannot \(action) \(object) in the repository at \(location)")
        outer.cause = Failure.message(of: code)
        switch code {
        case ENOENT: outer.hint = nil
        case ENOSPC, EDQUOT: outer.hint = "free some space in \(location), then run the same command again"
        case ESTALE, ENOTCONN, EHOSTDOWN, EHOSTUNREACH, ETIMEDOUT, ENODEV: outer.kind = .unreachable
        default: break
        }
        return outer
    }
}

/// An object of a `LocalStore` that has no name yet.
private final class LocalPendingObject: PendingObject {
    private let file: NewFile
    private let store: LocalStore

    init(_ file: NewFile, in store: LocalStore) {
        self.file = file
        self.store = store
    }

    func append(_ bytes: Span<UInt8>) throws {
        do throws(Failure) { try file.append(bytes) } catch { throw store.explained(error, "write", "an object") }
    }

    func finish(as name: ObjectName) throws -> CreateAnswer {
        do throws(Failure) { return try store.finish(file, as: name) } catch {
            throw store.explained(error, "store", name.text)
        }
    }
}
