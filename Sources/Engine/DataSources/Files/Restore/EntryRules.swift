import Entries
import Platform

/// What an entry from a snapshot must keep to before anything is made of it: nobody knows who wrote the repository.
enum EntryRules {
    private static let slash = UInt8(ascii: "/")

    /// Throws a failure of kind `.damaged` when no file can be as the entry says.
    static func check(_ entry: Entry, in parent: TargetDirectory) throws(Failure) {
        if let reason = fault(of: entry) {
            throw Failure(
                .damaged,
                "the snapshot holds an entry that is refused: \(parent.printablePath(of: entry.name)): \(reason)",
                hint: "nothing was written for it; run `salvor check --read-data`")
        }
    }

    private static func fault(of entry: Entry) -> String? {
        let name = entry.name
        if name.isEmpty { return "its name is empty" }
        if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) {
            return "its name leads out of its directory"
        }
        if name.contains(slash) || name.contains(0) { return "its name holds a slash or a NUL" }
        if name.count > 255 { return "its name is longer than 255 bytes" }
        if entry.size > UInt64(Int64.max) { return "its size is larger than any file's" }
        if entry.kind == .symlink,
            entry.linkTarget.isEmpty || entry.linkTarget.contains(0) || entry.linkTarget.count > 4095
        {
            return "its symlink target is none"
        }
        var end: UInt64 = 0
        for hole in entry.holes {
            if hole.offset < end || hole.length > entry.size || hole.offset > entry.size - hole.length {
                return "its holes do not fit into it"
            }
            end = hole.offset + hole.length
        }
        if entry.attributes.contains(where: { $0.name.isEmpty || $0.name.contains(0) || $0.name.count > 255 }) {
            return "it has an attribute with an impossible name"
        }
        return nil
    }
}
