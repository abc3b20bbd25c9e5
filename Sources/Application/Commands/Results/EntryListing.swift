import Entries
import Formats
import Platform

/// An entry of a snapshot as `ls` shows it.
enum EntryListing {
    /// A line as `ls -l` writes it: mode, links, owner, group, size or device, time (UTC), path, a symlink's target.
    static func long(_ entry: Entry, path: [UInt8]) -> String {
        let time = Timestamp.string(seconds: entry.modified.seconds)
        let owner = entry.userName.isEmpty ? String(entry.user) : entry.userName
        let group = entry.groupName.isEmpty ? String(entry.group) : entry.groupName
        let columns = [
            mode(entry), left(String(entry.links), 3), right(owner, 8), right(group, 8), left(size(entry), 12), time,
            printable(path),
        ]
        let target = entry.kind == .symlink ? " -> " + printable(entry.linkTarget) : ""
        return columns.joined(separator: " ") + target
    }

    /// All that is known of an entry, with its path.
    static func members(_ entry: Entry, path: [UInt8]) -> [JSONValue.Member] {
        JSONShapes.path(path) + members(entry)
    }

    /// All that is known of an entry but where it lies.
    static func members(_ entry: Entry) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("kind", .string(kind(entry.kind))),
            .init("mode", .string(octal(entry.permissions))),
            .init("user", JSONValue(entry.user)),
            .init("group", JSONValue(entry.group)),
            .init("userName", JSONValue(entry.userName.isEmpty ? nil : entry.userName)),
            .init("groupName", JSONValue(entry.groupName.isEmpty ? nil : entry.groupName)),
            .init("modified", JSONShapes.instant(entry.modified)),
            .init("changed", JSONShapes.instant(entry.changed)),
            .init("born", entry.born.map(JSONShapes.instant) ?? .null),
            .init("inode", JSONValue(entry.inode)),
            .init("device", JSONValue(entry.device)),
            .init("links", JSONValue(entry.links)),
            .init("size", entry.kind == .file ? JSONValue(entry.size) : .null),
            .init("sha256", entry.digest.isEmpty ? .null : .string(Hexadecimal.string(entry.digest))),
        ]
        members +=
            entry.kind == .symlink
            ? JSONShapes.path(entry.linkTarget, key: "target") : [.init("target", .null), .init("targetBytes", .null)]
        members += [
            .init("specialDevice", isDevice(entry) ? JSONValue(entry.specialDevice) : .null),
            .init("attributes", .array(entry.attributes.map(attribute))),
            .init("inodeFlags", JSONValue(entry.inodeFlags)),
            .init("holes", .array(entry.holes.map { .array([JSONValue($0.offset), JSONValue($0.length)]) })),
        ]
        return members
    }

    /// `-rwsr-xr-x`, as ls writes it.
    static func mode(_ entry: Entry) -> String {
        let bits = entry.permissions
        var text: [Character] = [letter(entry.kind)]
        for shift in [6, 3, 0] {
            text.append(bits >> shift & 4 != 0 ? "r" : "-")
            text.append(bits >> shift & 2 != 0 ? "w" : "-")
            let executable = bits >> shift & 1 != 0
            let special: (mask: UInt16, letters: (Character, Character)) =
                switch shift {
                case 6: (0o4000, ("s", "S"))
                case 3: (0o2000, ("s", "S"))
                default: (0o1000, ("t", "T"))
                }
            if bits & special.mask != 0 {
                text.append(executable ? special.letters.0 : special.letters.1)
            } else {
                text.append(executable ? "x" : "-")
            }
        }
        return String(text)
    }

    /// The word for a kind in JSON.
    static func kind(_ kind: Entry.Kind) -> String {
        switch kind {
        case .file: "file"
        case .directory: "directory"
        case .symlink: "symlink"
        case .fifo: "fifo"
        case .socket: "socket"
        case .characterDevice: "characterDevice"
        case .blockDevice: "blockDevice"
        }
    }

    private static func letter(_ kind: Entry.Kind) -> Character {
        switch kind {
        case .file: "-"
        case .directory: "d"
        case .symlink: "l"
        case .fifo: "p"
        case .socket: "s"
        case .characterDevice: "c"
        case .blockDevice: "b"
        }
    }

    private static func size(_ entry: Entry) -> String {
        switch entry.kind {
        case .file: String(entry.size)
        case .symlink: String(entry.linkTarget.count)
        case .characterDevice, .blockDevice: DeviceNumber.text(entry.specialDevice)
        case .directory, .fifo, .socket: "0"
        }
    }

    private static func isDevice(_ entry: Entry) -> Bool { [.characterDevice, .blockDevice].contains(entry.kind) }

    private static func attribute(_ attribute: ExtendedAttribute) -> JSONValue {
        .object(
            JSONShapes.path(attribute.name, key: "name") + [.init("value", .string(Base64.string(attribute.value)))])
    }

    private static func octal(_ permissions: UInt16) -> String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func left(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func right(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
