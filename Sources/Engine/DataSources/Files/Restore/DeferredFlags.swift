import Platform

/// Inode flags that would forbid the rest of a restore: kept to its very end. Any thread may add.
final class DeferredFlags: @unchecked Sendable {
    private struct Item {
        var path: [[UInt8]]
        var flags: UInt32
        var device: UInt64
        var inode: UInt64
    }

    private let lock = Lock()
    private var items: [Item] = []

    /// Notes the flags of a finished file or directory.
    func add(_ flags: UInt32, path: [[UInt8]], _ status: FileStatus) {
        let item = Item(path: path, flags: flags, device: status.device, inode: status.inode)
        lock.locked { items.append(item) }
    }

    /// Sets them, deepest first; what cannot be set goes to the log.
    func apply(below root: TreeDirectory, _ log: FidelityLog) {
        let waiting = lock.locked {
            defer { items = [] }
            return items.sorted { $0.path.count > $1.path.count }
        }
        for item in waiting {
            do throws(Failure) { try Self.set(item, below: root) } catch {
                let path = printable(Array(item.path.joined(separator: [UInt8(ascii: "/")])))
                log.note("inode flags (chattr)", error, path.isEmpty ? "." : path)
            }
        }
    }

    private static func set(_ item: Item, below root: TreeDirectory) throws(Failure) {
        var directory = try root.open()
        for name in item.path.dropLast() { directory = try Directory(name, in: directory) }
        if let name = item.path.last {
            let file = try FileDescriptor(contentOf: name, in: directory)
            try set(item, on: file.number)
        } else {
            try set(item, on: directory.number)
        }
    }

    private static func set(_ item: Item, on descriptor: Int32) throws(Failure) {
        let status = try FileStatus(ofDescriptor: descriptor)
        guard status.inode == item.inode, status.device == item.device else {
            throw Failure(.failed, "another file has its name now")
        }
        let others = try InodeFlags.read(descriptor)
        try InodeFlags.set(others | item.flags, on: descriptor)
    }
}
