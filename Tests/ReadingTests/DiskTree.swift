import DataSources
import Entries
import Glibc
import Platform
import TestDoubles
import TestRepositories

/// Real folders for comparisons and archives.
enum DiskTree {
    /// Makes what a node says under a name: contents, targets, numbers, modes and times; not owners and attributes.
    static func make(_ node: MadeTree.Node, _ name: [UInt8], in directory: Directory) throws {
        let entry = node.entry
        switch entry.kind {
        case .file:
            let file = try FileDescriptor(opening: name, in: directory.number, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
            try file.write(node.bytes.span)
        case .symlink: try directory.makeSymlink(name, to: entry.linkTarget)
        case .directory:
            try directory.makeDirectory(name)
            let inside = try Directory(name, in: directory)
            for name in node.names {
                if let child = node.children[name] { try make(child, Array(name.utf8), in: inside) }
            }
        case .fifo: try directory.makeNode(name, mode: 0o010600, device: 0)
        case .socket: try directory.makeNode(name, mode: 0o140600, device: 0)
        case .characterDevice: try directory.makeNode(name, mode: 0o020600, device: entry.specialDevice)
        case .blockDevice: try directory.makeNode(name, mode: 0o060600, device: entry.specialDevice)
        }
        let made = try FileDescriptor(referenceTo: name, in: directory)
        if entry.kind != .symlink { try FileMetadata.setPermissions(entry.permissions, of: made.number) }
        try FileMetadata.setModified(entry.modified, of: made.number)
    }

    /// Directories in each other, so many that no path and no stack reaches the bottom; a file lies in every hundredth.
    static func makeDeep(_ levels: Int, in root: [UInt8]) throws {
        try FileTree.makeDirectories(root)
        var directory = try Directory(root)
        for level in 0..<levels {
            if level % 100 == 0 {
                let flags = O_RDWR | O_CREAT | O_EXCL
                let file = try FileDescriptor(opening: Array("file".utf8), in: directory.number, flags, mode: 0o600)
                try file.write(Array("\(level)".utf8).span)
            }
            try directory.makeDirectory([0x64])
            directory = try Directory([0x64], in: directory)
        }
    }

    /// Gives a file of a folder another modification time.
    static func setModified(_ name: String, _ time: Instant, in folder: TemporaryFolder) throws {
        let reference = try FileDescriptor(referenceTo: Array(name.utf8), in: Directory(folder.bytes))
        try FileMetadata.setModified(time, of: reference.number)
    }
}
