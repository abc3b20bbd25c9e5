import Entries
import Platform

/// Compares a tree on disk with the one in a snapshot: names, kinds, sizes, modes, times, targets, and every byte by
/// its SHA-256. What is on disk and not in the snapshot differs as well.
package struct FilesComparison: Sendable {
    /// How many files are hashed at the same time.
    package var threads = 2
    /// Whether modes are compared: an ordinary user cannot restore all of them.
    package var comparesModes = true

    private let tree: any CapturedTree
    private let root: [UInt8]
    private let rootEntry: Entry?
    private let cancellation: any Cancellation

    /// One file that is there, with the right kind and size, for a hashing thread.
    private struct Job: Sendable {
        var entry: Entry
        var directory: TreeDirectory
        /// What else differs; told when the bytes do not.
        var reason: String?
    }

    /// Files wait here between the walk and the hashing; an entry is some 300 bytes.
    private static let queueCapacity = 256

    /// Takes a snapshot's tree, and the path of what should equal it. `entry` is the tree's root, compared as well when
    /// it is given; it must be given when it is no directory.
    package init(
        of tree: any CapturedTree, entry: Entry? = nil, with root: [UInt8],
        cancellation: any Cancellation = NeverCancelled()
    ) {
        self.tree = tree
        self.root = FilePath.absolute(root)
        rootEntry = entry
        self.cancellation = cancellation
    }

    /// Compares everything. Throws when the snapshot cannot be read; what is wrong on disk is a difference.
    package func run() throws -> FileDifferences {
        let differences = FileDifferences()
        let queue = BoundedQueue<Job>(capacity: Self.queueCapacity)
        try ThreadScope.run { scope in
            scope.whenFailing { queue.cut() }
            defer { queue.close() }
            for number in 0..<threads {
                scope.start("compare-\(number)") {
                    let hasher = FileHasher()
                    while let job = queue.pop() {
                        try cancellation.check()
                        compareBytes(job, hasher, differences)
                    }
                }
            }
            try walk(into: queue, differences)
        }
        return differences
    }

    private func walk(into queue: BoundedQueue<Job>, _ differences: FileDifferences) throws {
        var waiting: [TreeDirectory] = []
        do throws(Failure) {
            if let rootEntry { try compareRoot(rootEntry, into: queue, differences) }
            if rootEntry?.kind ?? .directory == .directory {
                let directory = try Directory(root)
                waiting = [TreeDirectory(root: directory, status: try directory.status())]
            }
        } catch {
            differences.add(".", "cannot be read: \(error.cause ?? error.sentence)")
        }
        while let node = waiting.popLast() {
            waiting.append(contentsOf: try compareChildren(of: node, into: queue, differences).reversed())
        }
    }

    private func compareRoot(
        _ entry: Entry, into queue: BoundedQueue<Job>, _ differences: FileDifferences
    ) throws(Failure) {
        let directory = try Directory(FilePath.parent(root))
        let node = TreeDirectory(root: directory, status: try directory.status())
        var entry = entry
        entry.name = FilePath.last(root)
        let status = try FileStatus(of: root, following: false)
        compare(entry, with: status, in: node, directory, into: queue, differences)
    }

    /// Compares the names of one directory with the snapshot's; answers the directories in it, which come later.
    private func compareChildren(
        of node: TreeDirectory, into queue: BoundedQueue<Job>, _ differences: FileDifferences
    ) throws -> [TreeDirectory] {
        let expected = try tree.children(of: node.path)
        let directory: Directory
        let names: NameList
        do throws(Failure) {
            directory = try node.open()
            names = try NameList(of: directory)
        } catch {
            differences.add(node.printablePath(), "cannot be listed: \(error.cause ?? error.sentence)")
            return []
        }
        var below: [TreeDirectory] = []
        var known = [Bool](repeating: false, count: names.count)
        for entry in expected {
            try cancellation.check()
            guard let index = names.index(of: entry.name), let status = try? directory.status(of: names, at: index)
            else {
                differences.count()
                differences.add(node.printablePath(of: entry.name), "is missing")
                continue
            }
            known[index] = true
            compare(entry, with: status, in: node, directory, into: queue, differences)
            if entry.kind == .directory, status.isDirectory {
                below.append(TreeDirectory(entry.name, in: node, status: status))
            }
        }
        for index in known.indices where !known[index] {
            differences.add(node.printablePath(of: names[index]), "is not in the snapshot")
        }
        return below
    }

    /// Compares what a look tells; a file whose bytes may be right is left to the hashing threads.
    private func compare(
        _ entry: Entry, with status: FileStatus, in node: TreeDirectory, _ directory: Directory,
        into queue: BoundedQueue<Job>, _ differences: FileDifferences
    ) {
        let reason = difference(entry, status, in: directory)
        if entry.kind == .file, status.isRegular, status.size == entry.size {
            queue.push(Job(entry: entry, directory: node, reason: reason))
            return
        }
        differences.count()
        if let reason { differences.add(node.printablePath(of: entry.name), reason) }
    }

    /// Why an entry is not as it was captured, as far as a look tells; nil when it is.
    private func difference(_ entry: Entry, _ status: FileStatus, in directory: Directory) -> String? {
        guard Entry.Kind(type: status.type) == entry.kind else {
            let found = Entry.Kind(type: status.type)?.words ?? "thing of an unknown kind"
            return "is a \(found) instead of a \(entry.kind.words)"
        }
        if entry.kind == .file, status.size != entry.size {
            return "has \(status.size) bytes instead of \(entry.size)"
        }
        if entry.kind == .symlink, (try? directory.target(ofSymlink: entry.name)) != entry.linkTarget {
            return "leads to another target than \(printable(entry.linkTarget))"
        }
        if entry.kind == .characterDevice || entry.kind == .blockDevice, status.specialDevice != entry.specialDevice {
            return "is another device"
        }
        if comparesModes, entry.kind != .symlink, status.permissions != entry.permissions {
            let (now, before) = (String(status.permissions, radix: 8), String(entry.permissions, radix: 8))
            return "has the mode \(now) instead of \(before)"
        }
        return status.modified == entry.modified ? nil : "has another modification time"
    }

    private func compareBytes(_ job: Job, _ hasher: FileHasher, _ differences: FileDifferences) {
        let name = job.entry.name
        do throws(Failure) {
            let (digest, bytes) = try hasher.hash(name, in: job.directory.open())
            differences.count(bytes: bytes)
            let reason = digest == job.entry.digest ? job.reason : "has other bytes than the snapshot"
            if let reason { differences.add(job.directory.printablePath(of: name), reason) }
        } catch {
            differences.count()
            differences.add(
                job.directory.printablePath(of: name), "cannot be read: \(error.cause ?? error.sentence)")
        }
    }
}
