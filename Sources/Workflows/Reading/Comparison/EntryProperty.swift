import Entries

/// What two entries of one name can differ in. What only a file system keeps is none: ctime, birth time, inode and
/// device numbers, the number of links, and where the holes are in a file of the same bytes.
package enum EntryProperty: String, Sendable, CaseIterable {
    case kind
    /// A file's bytes, by their SHA-256.
    case content
    case size
    /// A symlink's target.
    case target
    /// A device's number.
    case specialDevice
    case mode
    case user
    case group
    case userName
    case groupName
    case modified
    case attributes
    case inodeFlags

    /// What differs in the metadata of two entries of one kind. A symlink has no mode of its own.
    static func metadata(_ old: Entry, _ new: Entry) -> [EntryProperty] {
        var differing: [EntryProperty] = []
        func compare(_ property: EntryProperty, _ isSame: Bool) { if !isSame { differing.append(property) } }
        compare(.mode, old.kind == .symlink || old.permissions == new.permissions)
        compare(.user, old.user == new.user)
        compare(.group, old.group == new.group)
        compare(.userName, old.userName == new.userName)
        compare(.groupName, old.groupName == new.groupName)
        compare(.modified, old.modified == new.modified)
        compare(.attributes, old.attributes == new.attributes)
        compare(.inodeFlags, old.inodeFlags == new.inodeFlags)
        return differing
    }
}
