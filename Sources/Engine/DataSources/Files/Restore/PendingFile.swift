import Entries
import Glibc
import Platform

/// A file that is being written and has not its name yet, mode 0600. Dropped without `finish` it leaves nothing.
///
/// Several threads may write different ranges; `finish` comes after all of them. What the entry says is a hole is not
/// written, so that it takes no room.
package final class PendingFile: @unchecked Sendable {
    /// What the file shall become.
    package let entry: Entry
    /// Whether it may hold right bytes already, which a killed run wrote: they can be looked at with `read`.
    package private(set) var isResumed: Bool
    private let parent: TargetDirectory
    private let file: FileDescriptor
    /// The name it has meanwhile, and where: as a part in the journal, or on a file system that knows no files without
    /// a name.
    private var temporary: (name: [UInt8], holder: Directory)?
    /// Whether it stays for the next run when this one ends before `finish`.
    private let isPart: Bool
    private let writer: FileTreeWriter

    init(_ entry: Entry, in parent: TargetDirectory, writer: FileTreeWriter) throws(Failure) {
        self.entry = entry
        self.parent = parent
        self.writer = writer
        if let area = writer.area, entry.size >= RestoreArea.partBytes, area.device == parent.node.device {
            let part = area.partName(of: parent.path + [entry.name])
            file = try area.openPart(part)
            temporary = (part, area.directory)
            isPart = true
            isResumed = area.isResumed
        } else {
            file = try Self.open(in: parent, writer, &temporary)
            isPart = false
            isResumed = false
        }
        let early = entry.inodeFlags & InodeFlags.early
        // A file system that does not take the flags now does not take them in `finish` either, which tells it.
        if early != 0 { try? InodeFlags.set(early, on: file.number) }
    }

    private static func open(
        in parent: TargetDirectory, _ writer: FileTreeWriter, _ temporary: inout (name: [UInt8], holder: Directory)?
    ) throws(Failure) -> FileDescriptor {
        do throws(Failure) { return try FileDescriptor(unnamedIn: parent.node.open()) } catch {
            guard [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(error.systemError) else { throw error }
            let name = writer.temporaryName()
            let holder = try writer.holder(for: parent)
            let file = try FileDescriptor(
                opening: name, in: holder.number, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            temporary = (name, holder)
            return file
        }
    }

    deinit {
        if let temporary, !isPart { try? temporary.holder.remove(temporary.name) }
    }

    /// Reads what is there already, appending at most `count` bytes from `offset` on to `buffer`.
    package func read(into buffer: inout Buffer, at offset: UInt64, count: Int) throws(Failure) -> Int {
        try file.read(into: &buffer, at: offset, count: count)
    }

    /// Forgets what a killed run wrote.
    package func startOver() throws(Failure) {
        try file.truncate(to: 0)
        isResumed = false
    }

    /// Writes bytes of the file at their place; all of them must lie within the entry's size.
    package func write(_ bytes: Span<UInt8>, at offset: UInt64) throws {
        let (end, overflow) = offset.addingReportingOverflow(UInt64(bytes.count))
        guard !overflow, end <= entry.size else { throw damaged("has more bytes than its entry says") }
        do throws(Failure) {
            var position = offset
            var next = entry.firstHole(endingAfter: offset)
            while position < end {
                let hole = next < entry.holes.count && entry.holes[next].offset < end ? entry.holes[next] : nil
                let stop = max(position, min(hole?.offset ?? end, end))
                if stop > position {
                    let piece = bytes.extracting(Int(position - offset)..<Int(stop - offset))
                    try file.write(piece, at: position)
                }
                guard let hole else { break }
                position = min(hole.offset + hole.length, end)
                guard bytes.extracting(Int(stop - offset)..<Int(position - offset)).isZero else {
                    throw damaged("has bytes where its entry says that there is a hole")
                }
                next += 1
            }
        } catch {
            throw error.within("cannot write \(parent.printablePath(of: entry.name))")
        }
    }

    /// Gives the file its length, where writing its bytes has not: a hole at its end, or what a killed run left.
    package func settleLength() throws(Failure) {
        if isPart || !entry.holes.isEmpty { try file.truncate(to: entry.size) }
    }

    /// Sets length, owner, mode, attributes and time, then gives the file its name, over what has it.
    package func finish() throws {
        do throws(Failure) {
            try settleLength()
            writer.attributes.apply(entry, to: file.number, .descriptor(file.number)) { [self] in label }
            let waiting = writer.attributes.setFlags(entry, of: file.number) { [self] in label }
            try place()
            if waiting != 0 { try writer.deferFlags(waiting, of: entry, in: parent, file.status()) }
        } catch {
            throw error.within("cannot restore \(label)")
        }
    }

    private var label: String { parent.printablePath(of: entry.name) }

    private func place() throws(Failure) {
        let directory = try parent.node.open()
        if temporary == nil {
            do throws(Failure) { return try directory.link(entry.name, to: file) } catch {
                guard error.systemError == EEXIST else { throw error }
                try writer.mayReplace(entry, in: parent)
            }
            let name = writer.temporaryName()
            let holder = try writer.holder(for: parent)
            try holder.link(name, to: file)
            temporary = (name, holder)
        }
        guard let (name, holder) = temporary else { return }
        try writer.replace(with: name, in: holder, entry, in: parent, directory)
        temporary = nil
    }

    private func damaged(_ what: String) -> Failure { Failure(.damaged, "\(label) \(what)") }
}
