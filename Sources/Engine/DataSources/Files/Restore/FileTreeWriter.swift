import Entries
import Glibc
import Platform
import Synchronization

/// Writes a tree of files back, and never anywhere else: every step goes by one name from an open directory, through no
/// symlink, and a name that leads elsewhere is refused.
///
/// Any thread may call for different entries. A directory is entered before what lies in it, and finished after it.
package final class FileTreeWriter: Sendable {
    /// The target itself, where the first entries go.
    package let root: TargetDirectory
    let attributes: AttributeWriter
    let options: FileWriteOptions
    private let view: TargetView
    let log = FidelityLog()
    let names = TemporaryNames()
    let flags = DeferredFlags()
    /// Where what is not finished is kept, once somebody opened it.
    private let opened = Mutex<RestoreArea?>(nil)

    /// Opens the target, made with mode 0700 when it is not there. `entry` is what the target itself becomes in
    /// `finish(root)`; without one its owner, mode and times are left alone.
    package init(root path: [UInt8], options: FileWriteOptions, entry: Entry? = nil) throws {
        do throws(Failure) {
            try FileTree.makeDirectories(path)
            let directory = try Directory(path)
            let node = TreeDirectory(root: directory, status: try directory.status())
            root = TargetDirectory(entry: entry, node: node)
        } catch {
            throw error.within("cannot restore into \(printable(path))")
        }
        self.options = options
        view = TargetView(root: root)
        attributes = AttributeWriter(owners: OwnerNumbers(numeric: options.numericOwner), log: log)
    }

    /// Opens the journal of this restore in the target, see `RestoreArea`; answers whether a run before left it.
    ///
    /// Where this user may write below the target but not into it there is none: a killed run may then leave files
    /// under temporary names, and the next one begins large files anew.
    package func openArea(identity: String, text: String) throws -> Bool {
        do throws(Failure) {
            let area = try RestoreArea(in: root.node.open(), identity: identity, text: text)
            opened.withLock { $0 = area }
            return area.isResumed
        } catch {
            if [EACCES, EPERM].contains(error.systemError) { return false }
            throw error.within("cannot restore into the target")
        }
    }

    /// Removes the journal: everything is finished.
    package func closeArea() throws {
        try area?.remove()
        opened.withLock { $0 = nil }
    }

    /// Leaves the journal to the next run of the same restore when there is something in it to go on with.
    package func abandonArea() { area?.removeUnlessUseful() }

    var area: RestoreArea? { opened.withLock { $0 } }

    /// What could not be applied and why.
    package var fidelity: [Finding] { log.findings }

    /// What is where `entry` shall go.
    package func state(of entry: Entry, in parent: TargetDirectory) throws -> TargetState {
        try view.state(of: entry, in: parent)
    }

    /// Makes a directory, mode 0700 until it is finished, or takes the real directory that is there.
    package func enter(_ entry: Entry, in parent: TargetDirectory) throws -> TargetDirectory {
        try restoring(entry, in: parent) { above throws(Failure) in
            var made = try Self.make(entry.name, in: above)
            if !made, try !above.status(of: entry.name).isDirectory {
                try mayReplace(entry, in: parent)
                try FileTree.remove(entry.name, in: above)
                made = try Self.make(entry.name, in: above)
            }
            let directory = try Directory(unlocking: entry.name, in: above)
            let early = entry.inodeFlags & InodeFlags.early
            if made, early != 0 { try? InodeFlags.set(early, on: directory.number) }
            let node = TreeDirectory(entry.name, in: parent.node, opened: directory, status: try directory.status())
            return TargetDirectory(entry: entry, node: node)
        }
    }

    /// Begins a file: nothing is seen of it before it is finished.
    package func begin(_ entry: Entry, in parent: TargetDirectory) throws -> PendingFile {
        try restoring(entry, in: parent) { _ throws(Failure) in
            try PendingFile(entry, in: parent, writer: self)
        }
    }

    /// Makes a symlink, a FIFO, a socket or a device. What this user may not make goes to the fidelity log.
    package func add(_ entry: Entry, in parent: TargetDirectory) throws {
        try restoring(entry, in: parent) { above throws(Failure) in
            do throws(Failure) { try make(entry, in: above) } catch {
                switch error.systemError {
                case EEXIST:
                    try mayReplace(entry, in: parent)
                    try FileTree.remove(entry.name, in: above)
                    try make(entry, in: above)
                case EPERM, EACCES, EOPNOTSUPP:
                    let sentence = "this \(entry.kind.words) cannot be made: \(error.cause ?? error.sentence)"
                    return log.note(.missing, sentence, parent.printablePath(of: entry.name))
                default: throw error
                }
            }
            try applyAttributes(entry, in: parent, above, linksAtMost: 1)
        }
    }

    /// Gives a symlink, FIFO, socket or device that is there already its owner, mode, attributes and times.
    package func refresh(_ entry: Entry, in parent: TargetDirectory) throws {
        try restoring(entry, in: parent) { above throws(Failure) in
            try applyAttributes(entry, in: parent, above, linksAtMost: entry.links)
        }
    }

    /// Gives a file that is there already, and has the right bytes, its owner, mode, attributes, flags and time. False,
    /// and nothing done, when it has names beyond those that the entry knows: they may be somebody else's.
    package func refresh(_ entry: Entry, _ file: borrowing FileDescriptor, in parent: TargetDirectory) throws -> Bool {
        try EntryRules.check(entry, in: parent)
        let label = { parent.printablePath(of: entry.name) }
        do throws(Failure) {
            let status = try file.status()
            guard status.links <= entry.links else { return false }
            if attributes.agree(entry, file.number, status) { return true }
            InodeFlags.unprotect(file.number)
            attributes.apply(entry, to: file.number, .descriptor(file.number), label)
            let waiting = attributes.setFlags(entry, of: file.number, label)
            if waiting != 0 { deferFlags(waiting, of: entry, in: parent, status) }
            return true
        } catch {
            throw error.within("cannot restore \(label())")
        }
    }

    private func applyAttributes(
        _ entry: Entry, in parent: TargetDirectory, _ above: Directory, linksAtMost: UInt32
    ) throws(Failure) {
        let made = try FileDescriptor(referenceTo: entry.name, in: above)
        let status = try made.status()
        // Somebody who may write here could have put another file's name in its place: that file is not ours to change.
        guard status.type == entry.kind.type, status.links <= linksAtMost else {
            throw Failure(.refused, "another process put something else in its place")
        }
        attributes.apply(entry, to: made.number, .reference(made.number)) { parent.printablePath(of: entry.name) }
    }

    /// Gives a file (or node) that was written already one more name. Throws with EMLINK, EXDEV or EPERM where the file
    /// system cannot: then the entry can still be written as a file of its own.
    package func link(_ entry: Entry, in parent: TargetDirectory, to first: LinkTarget) throws {
        try restoring(entry, in: parent) { above throws(Failure) in
            let source = try first.directory.node.open()
            do throws(Failure) { return try above.link(entry.name, to: first.name, in: source) } catch {
                guard error.systemError == EEXIST else { throw error }
            }
            let wanted = try source.status(of: first.name)
            let present = try above.status(of: entry.name)
            if wanted.inode == present.inode, wanted.device == present.device { return }
            try mayReplace(entry, in: parent)
            let name = temporaryName()
            let holder = try holder(for: parent)
            try holder.link(name, to: first.name, in: source)
            do throws(Failure) { try replace(with: name, in: holder, entry, in: parent, above) } catch {
                try? holder.remove(name)
                throw error
            }
        }
    }

    /// Gives a directory its owner, mode, attributes and times, once everything in it is done. A root without an entry
    /// stays as it is.
    package func finish(_ directory: TargetDirectory) throws {
        guard let entry = directory.entry else { return }
        do throws(Failure) {
            let open = try directory.node.open()
            attributes.apply(entry, to: open.number, .descriptor(open.number)) { directory.node.printablePath() }
            let waiting = attributes.setFlags(entry, of: open.number) { directory.node.printablePath() }
            if waiting != 0 { flags.add(waiting, path: directory.path, try open.status()) }
        } catch {
            throw error.within("cannot finish the directory \(directory.node.printablePath())")
        }
    }

    /// Sets the inode flags that forbid changes, deepest first, then waits until everything is on the device.
    package func complete() throws {
        flags.apply(below: root.node, log)
        let directory = try root.node.open()
        do throws(Failure) {
            try FileDescriptor(opening: Array(".".utf8), in: directory.number, O_RDONLY).synchroniseFilesystem()
        } catch {
            throw error.within("cannot make sure that the restored files are on the device")
        }
    }
}

extension FileTreeWriter {
    /// Runs a step for one entry: refuses an impossible one, and names it in every failure.
    private func restoring<Answer>(
        _ entry: Entry, in parent: TargetDirectory, _ step: (Directory) throws(Failure) -> Answer
    ) throws -> Answer {
        try EntryRules.check(entry, in: parent)
        do throws(Failure) {
            if parent === root, entry.name == area?.name {
                throw Failure(.damaged, "the snapshot holds an entry with the name of this restore's own journal")
            }
            return try step(parent.node.open())
        } catch {
            throw error.within("cannot restore \(parent.printablePath(of: entry.name))")
        }
    }

    /// Makes a directory; false when something is there.
    private static func make(_ name: [UInt8], in above: Directory) throws(Failure) -> Bool {
        do throws(Failure) {
            try above.makeDirectory(name)
            return true
        } catch {
            if error.systemError == EEXIST { return false }
            throw error
        }
    }

    private func make(_ entry: Entry, in directory: Directory) throws(Failure) {
        switch entry.kind {
        case .symlink:
            try directory.makeSymlink(entry.name, to: entry.linkTarget)
        case .fifo, .socket, .characterDevice, .blockDevice:
            try directory.makeNode(entry.name, mode: UInt32(entry.kind.type) | 0o600, device: entry.specialDevice)
        case .file, .directory:
            preconditionFailure("files are begun, directories are entered")
        }
    }
}
