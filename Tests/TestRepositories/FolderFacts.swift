import Formats
import Platform
import Sealing

/// Everything about a real folder that a restore must bring back, by path.
package struct FolderFacts: Equatable {
    /// One line an item: kind and mode, owner, modification time, size, digest or target, attributes, hard-link group.
    package private(set) var items: [String: String] = [:]

    /// Looks at everything below `root`; the root itself is `.`.
    package init(_ root: [UInt8]) throws {
        let directory = try Directory(root)
        items["."] = try Self.line(directory.status(), [])
        var groups: [UInt64: String] = [:]
        try gather(directory, "", &groups)
    }

    private mutating func gather(_ directory: Directory, _ prefix: String, _ groups: inout [UInt64: String]) throws {
        for name in try directory.names() {
            let path = prefix + printable(name)
            let status = try directory.status(of: name)
            var more: [String] = []
            if status.isRegular {
                let file = try FileDescriptor(contentOf: name, in: directory)
                more.append(try Self.digest(file))
                more.append(try Self.holes(file, size: status.size))
                if status.links > 1 { more.append("linked to \(groups[status.inode] ?? path)") }
                groups[status.inode] = groups[status.inode] ?? path
            }
            if status.isSymlink { more.append(printable(try directory.target(ofSymlink: name))) }
            for attribute in try ExtendedAttributes.read(.name(name, in: directory)) {
                more.append("\(printable(attribute.name))=\(Hexadecimal.string(attribute.value))")
            }
            items[path] = Self.line(status, more)
            if status.isDirectory { try gather(Directory(name, in: directory), path + "/", &groups) }
        }
    }

    private static func line(_ status: FileStatus, _ more: [String]) -> String {
        let size = status.isDirectory ? 0 : status.size
        let time = Timestamp.string(seconds: status.modified.seconds, nanoseconds: status.modified.nanoseconds)
        let head = [
            "\(String(status.mode, radix: 8))", "\(status.user):\(status.group)", time, "\(size)",
            "\(status.specialDevice)",
        ]
        return (head + more).joined(separator: " ")
    }

    private static func digest(_ file: borrowing FileDescriptor) throws -> String {
        let digest = Digest()
        var buffer = Buffer(capacity: 1 << 20)
        while true {
            buffer.clear()
            if try file.read(into: &buffer) == 0 { return Hexadecimal.string(digest.finish()) }
            digest.update(buffer.bytes)
        }
    }

    private static func holes(_ file: borrowing FileDescriptor, size: UInt64) throws -> String {
        var holes: [String] = []
        var position: UInt64 = 0
        while position < size {
            let start = try file.nextHole(from: position)
            if start >= size { break }
            let end = try file.nextData(from: start) ?? size
            holes.append("\(start)-\(end)")
            position = end
        }
        return "holes[\(holes.joined(separator: ","))]"
    }

    /// The paths whose lines differ, with both lines.
    package func differences(from other: FolderFacts) -> [String] {
        Set(items.keys).union(other.items.keys).sorted().compactMap { path in
            let (left, right) = (items[path], other.items[path])
            return left == right ? nil : "\(path): \(left ?? "absent") | \(right ?? "absent")"
        }
    }
}
