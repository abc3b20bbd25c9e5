import Platform

/// Damages restored files in the ways that the checks claim to see, so that their times do not tell: a check that looks
/// at times alone shall be found out. Never anything else but what a drill restored.
struct FilesDamager {
    /// A damage that was done, and how it is taken back.
    struct Damage {
        var kind: StagedDamage
        /// The file, as a check names it: its path below the source's root; empty for a source that is one file.
        var object: String
        var undo: () throws -> Void
    }

    /// The source's restored root: a directory, or a file.
    let root: [UInt8]
    /// Where a removed file lies meanwhile, on the same file system.
    let aside: [UInt8]
    let cancellation: any Cancellation
    /// How many files are looked at for one that can be damaged.
    private static let triesMax = 1000

    /// Does one damage, not to the file `spared`; nil where there is no file that it could be done to.
    func make(_ kind: StagedDamage, sparing spared: String? = nil) throws -> Damage? {
        let wantsContent = kind == .flippedByte
        for path in try candidates() {
            let object = printable(Array(path.dropFirst(root.count + 1)))
            guard object != spared else { continue }
            guard let status = try? FileStatus(of: path, following: false), status.isRegular, status.links == 1,
                !wantsContent || status.size > 0
            else { continue }
            let undo = wantsContent ? flip(path, status) : remove(path)
            if let undo { return Damage(kind: kind, object: object, undo: undo) }
        }
        return nil
    }

    /// Changes one byte in the middle; nil when the file cannot be written.
    private func flip(_ path: [UInt8], _ status: FileStatus) -> (() throws -> Void)? {
        let change = {
            let file = try FileDescriptor(opening: path, Self.readAndWrite)
            let place = status.size / 2
            var buffer = Buffer(capacity: 1)
            guard try file.read(into: &buffer, at: place, count: 1) == 1 else { return }
            try file.write([buffer.array()[0] ^ 0x20].span, at: place)
            try FileMetadata.setModified(status.modified, of: file.number)
        }
        guard (try? change()) != nil else { return nil }
        return change
    }

    private func remove(_ path: [UInt8]) -> (() throws -> Void)? {
        guard (try? FileTree.rename(path, to: aside)) != nil else { return nil }
        return { try FileTree.rename(aside, to: path) }
    }

    /// Files below the root, the deepest directories' first, as far as a limited search finds them; or the root itself.
    private func candidates() throws -> [[UInt8]] {
        guard try FileStatus(of: root, following: false).isDirectory else { return [root] }
        var files: [[UInt8]] = []
        var directories = [root]
        var looked = 0
        while let path = directories.popLast(), looked < Self.triesMax {
            try cancellation.check()
            looked += 1
            guard let directory = try? Directory(path), let names = try? directory.names() else { continue }
            for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }).prefix(Self.triesMax) {
                guard let status = try? directory.status(of: name) else { continue }
                let whole = path + [UInt8(ascii: "/")] + name
                if status.isDirectory { directories.append(whole) } else if status.isRegular { files.append(whole) }
            }
            if files.count >= Self.triesMax { break }
        }
        return files
    }

    /// O_RDWR.
    private static let readAndWrite: Int32 = 2
}
