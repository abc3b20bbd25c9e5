import Entries
import Platform

/// Compares two entries of one path.
struct EntryComparison {
    let options: ComparisonOptions

    /// What differs, in the content and in the rest; `bytesRead` grows by what was read on disk.
    ///
    /// The entries learn meanwhile what must be asked for: a digest, a symlink's target, attributes. Throws what keeps
    /// an entry on disk from being read.
    func properties(
        _ one: inout ComparedEntry, at place: any ComparedPlace, _ other: inout ComparedEntry,
        at otherPlace: any ComparedPlace, bytesRead: inout UInt64
    ) throws -> (content: [EntryProperty], metadata: [EntryProperty]) {
        guard var old = one.entry, var new = other.entry else { return ([], []) }
        defer { (one.entry, other.entry) = (old, new) }
        guard old.kind == new.kind else { return ([.kind], []) }
        var content: [EntryProperty] = []
        if !options.readsData, one.isSettled, other.isOnDisk, Self.isUnchanged(old, new) {
            Self.copyUnseen(from: old, to: &new)
        } else {
            try place.complete(&old, attributes: options.readsAttributes)
            try otherPlace.complete(&new, attributes: options.readsAttributes)
            if old.kind == .file, old.size == new.size {
                bytesRead += try place.findDigest(of: &old)
                bytesRead += try otherPlace.findDigest(of: &new)
            }
            content = Self.content(old, new)
        }
        return (content, options.comparesMetadata ? EntryProperty.metadata(old, new) : [])
    }

    /// Whether an entry on disk is as it was when it was saved, as far as a look tells.
    private static func isUnchanged(_ old: Entry, _ new: Entry) -> Bool {
        old.inode == new.inode && old.changed == new.changed && old.modified == new.modified && old.size == new.size
    }

    /// The change time covers all of this.
    private static func copyUnseen(from old: Entry, to new: inout Entry) {
        new.digest = old.digest
        new.linkTarget = old.linkTarget
        new.attributes = old.attributes
        new.inodeFlags = old.inodeFlags
        new.holes = old.holes
    }

    private static func content(_ old: Entry, _ new: Entry) -> [EntryProperty] {
        switch old.kind {
        case .file:
            if old.size != new.size { return [.content, .size] }
            return old.digest == new.digest ? [] : [.content]
        case .symlink: return old.linkTarget == new.linkTarget ? [] : [.target]
        case .characterDevice, .blockDevice: return old.specialDevice == new.specialDevice ? [] : [.specialDevice]
        case .directory, .fifo, .socket: return []
        }
    }
}
