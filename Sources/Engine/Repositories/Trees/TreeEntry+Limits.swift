import Entries
import Platform

extension TreeEntry {
    /// Leaves out what the format has no room for, so that one strange file never costs the backup. Answers what was
    /// left out, as sentences; nil when the entry cannot be stored at all.
    ///
    /// A file with a million holes, attributes of many megabytes, a name of an owner that fills a page: a file system
    /// can hold them, and a reader refuses them.
    package mutating func fitIntoLimits() -> [String]? {
        guard TreeEntryCoding.isProper(entry.name), entry.permissions <= 0o7777,
            entry.kind != .symlink || TreeEntryCoding.isTarget(entry.linkTarget),
            entry.kind != .file || entry.digest.count == 32 && content?.length == entry.size
        else { return nil }
        var left: [String] = []
        for instant in [\Entry.modified, \Entry.changed] {
            entry[keyPath: instant].nanoseconds = min(entry[keyPath: instant].nanoseconds, 999_999_999)
        }
        if let born = entry.born, born.nanoseconds > 999_999_999 { entry.born = nil }
        if entry.userName.utf8.count > Limits.ownerNameBytes { entry.userName = "" }
        if entry.groupName.utf8.count > Limits.ownerNameBytes { entry.groupName = "" }
        if !hasProperHoles {
            entry.holes = []
            left.append("its holes are too many or do not fit into it; they are stored as zeros")
        }
        if !hasProperAttributes {
            entry.attributes = []
            left.append("its extended attributes are too many or too large to be stored")
        }
        // Most entries are far too small to be measured.
        let variable = entry.attributes.reduce(0) { $0 + $1.name.count + $1.value.count + 8 } + entry.linkTarget.count
        if variable + 20 * entry.holes.count + 26 * (content?.items.count ?? 0) < Limits.entryBytes / 2 { return left }
        if encodedLength <= Limits.entryBytes { return left }
        if !entry.holes.isEmpty {
            entry.holes = []
            left.append("its holes are too many; they are stored as zeros")
        }
        if encodedLength > Limits.entryBytes, !entry.attributes.isEmpty {
            entry.attributes = []
            left.append("its extended attributes are too large to be stored")
        }
        return encodedLength <= Limits.entryBytes ? left : nil
    }

    private var encodedLength: Int {
        var writer = ByteWriter()
        TreeEntryCoding.write(self, to: &writer)
        return writer.bytes.count
    }

    private var hasProperHoles: Bool {
        guard entry.holes.count <= Limits.holes else { return false }
        var end: UInt64 = 0
        for hole in entry.holes {
            let (next, overflow) = hole.offset.addingReportingOverflow(hole.length)
            guard hole.offset >= end, hole.length > 0, !overflow, next <= entry.size else { return false }
            end = next
        }
        return true
    }

    private var hasProperAttributes: Bool {
        guard entry.attributes.count <= Limits.attributes else { return false }
        var last: [UInt8] = []
        for attribute in entry.attributes {
            guard last.lexicographicallyPrecedes(attribute.name), attribute.name.count <= Limits.attributeNameBytes,
                !attribute.name.contains(0)
            else { return false }
            last = attribute.name
        }
        return true
    }
}
