import Glibc
import Platform

/// A tree with everything that a backup may lose. Made by root it holds what only root can make as well.
package final class NastyTree {
    /// Where the tree is.
    package let root: [UInt8]
    /// What only root may do: owners, devices, `trusted.` attributes, the flags immutable and append.
    private let privileged: Bool
    private let folder: [UInt8]
    private let top: Directory

    /// Makes `tree` in a folder. Times beyond the year 2446, where ext4 ends, come with `farTimes`; without `deep` no
    /// path in it is longer than a system call takes.
    package init(
        in folder: [UInt8], privileged: Bool, flags: Bool, farTimes: Bool = false, deep: Bool = true
    ) throws {
        self.folder = folder
        self.privileged = privileged
        root = folder + Array("/tree".utf8)
        try FileTree.makeDirectories(root)
        top = try Directory(root)
        try makeNames()
        try makeModes()
        if deep { try makeDepth() }
        try makeSpecial()
        try makeSparse()
        try makeAttributes()
        try makeLinks()
        try makeOwners()
        try makeTimes(far: farTimes)
        if flags { try makeFlags() }
    }

    /// Puts a file of one gibibyte with a single island of data into the tree.
    package func addIsland() throws {
        let island = try file(Array("island".utf8), in: top)
        try island.truncate(to: 1 << 30)
        try island.write(SeededRandomness(seed: 3).bytes(4096).span, at: 700_000 * 1024)
    }

    /// Puts a directory of so many entries into the tree.
    package func addCrowd(_ count: Int) throws {
        let place = try directory("crowd")
        for number in 0..<count { _ = try file(Array("entry-\(number)".utf8), in: place) }
    }

    private func file(_ name: [UInt8], _ bytes: [UInt8] = [], in directory: Directory) throws -> FileDescriptor {
        let file = try FileDescriptor(opening: name, in: directory.number, O_RDWR | O_CREAT | O_EXCL, mode: 0o644)
        try file.write(bytes.span)
        return file
    }

    private func directory(_ name: String) throws -> Directory {
        try top.makeDirectory(Array(name.utf8))
        return try Directory(Array(name.utf8), in: top)
    }

    private func makeNames() throws {
        let place = try directory("names")
        let texts = [
            "line\nbreak", "tab\tquote\"back\\slash'", " leading", "trailing ", "-rf", "...", ".hidden", "*", "~",
            "%s%n", "é",
            "e\u{301}", "日本", "\u{202e}odd", "\u{7f}", ".salvor-x",
        ]
        for text in texts { _ = try file(Array(text.utf8), Array(text.utf8), in: place) }
        for bytes in [[0xff], [0xfe, 0xff, 0x80], [1], [0xc3], [UInt8](repeating: 0xf0, count: 255)] {
            _ = try file(bytes, bytes, in: place)
        }
        try place.makeDirectory([0xff, 0x0a])
        _ = try file(Array("empty".utf8), in: place)
        _ = try file(Array("large".utf8), SeededRandomness(seed: 1).bytes(700_001), in: place)
    }

    private func makeModes() throws {
        let place = try directory("modes")
        // An ordinary user cannot read back what he may not read.
        for mode in UInt16(0)...0o7777 where privileged || mode & 0o400 != 0 {
            let made = try file(Array(String(mode, radix: 8).utf8), in: place)
            try FileMetadata.setPermissions(mode, of: made.number)
        }
        for mode in [UInt16(0o700), 0o755, 0o1777, 0o2775, 0o500, 0o7777] + (privileged ? [0, 0o111] : []) {
            let name = Array("directory-\(String(mode, radix: 8))".utf8)
            try place.makeDirectory(name)
            let made = try Directory(name, in: place)
            _ = try file(Array("inside".utf8), name, in: made)
            try FileMetadata.setPermissions(mode, of: made.number)
        }
    }

    private func makeDepth() throws {
        var place = try directory("long")
        let name = [UInt8](repeating: UInt8(ascii: "n"), count: 200)
        for _ in 0..<30 {
            try place.makeDirectory(name)
            place = try Directory(name, in: place)
        }
        _ = try file(Array("bottom".utf8), name, in: place)
        place = try directory("deep")
        for level in 0..<700 {
            try place.makeDirectory([UInt8(ascii: "d")])
            place = try Directory([UInt8(ascii: "d")], in: place)
            if level % 50 == 0 { _ = try file(Array("z\(level)".utf8), Array("\(level)".utf8), in: place) }
        }
    }

    private func makeSpecial() throws {
        let place = try directory("special")
        try place.makeNode(Array("fifo".utf8), mode: 0o010640, device: 0)
        try place.makeNode(Array("socket".utf8), mode: 0o140755, device: 0)
        let targets: [[UInt8]] = [
            Array("nowhere".utf8), Array("../names/empty".utf8), Array("/".utf8), Array("..".utf8),
            Array("a//b/./".utf8),
            [0xff, 0x0a, 0x20], [UInt8](repeating: UInt8(ascii: "t"), count: 4095),
        ]
        for (number, target) in targets.enumerated() { try place.makeSymlink(Array("link-\(number)".utf8), to: target) }
        guard privileged else { return }
        try place.makeNode(Array("null".utf8), mode: 0o020666, device: 0x103)
        try place.makeNode(Array("block".utf8), mode: 0o060640, device: 0xfff1_03ff)
    }

    private func makeSparse() throws {
        let place = try directory("sparse")
        let block = SeededRandomness(seed: 2).bytes(8192)
        let shapes: [(String, [UInt64], UInt64)] = [
            ("start", [1 << 20], (1 << 20) + 8192), ("middle", [0, 1 << 20], (1 << 20) + 8192), ("end", [0], 1 << 21),
            ("everything", [], 3 << 20), ("odd", [123 * 4096, 2999 * 4096], 2999 * 4096 + 8200 + 77), ("tiny", [], 100),
            ("comb", (0..<50).map { $0 * 65536 }, 50 * 65536), ("page", [4096], 4096 + 8192),
        ]
        for (name, offsets, size) in shapes {
            let made = try file(Array(name.utf8), in: place)
            for offset in offsets { try made.write(block.span, at: offset) }
            try made.truncate(to: size)
        }
        // Zeros that were written are data, not a hole.
        _ = try file(Array("zeros".utf8), [UInt8](repeating: 0, count: 100_000), in: place)
        // Its blocks cover its size, yet it begins with a hole.
        let covered = try file(Array("covered".utf8), in: place)
        try covered.write(block.span.extracting(0..<4096), at: 4096)
        let value = [UInt8](repeating: 7, count: 3000)
        try ExtendedAttributes.set(.init(name: Array("user.big".utf8), value: value), on: .descriptor(covered.number))
    }

    private func makeAttributes() throws {
        let place = try directory("attributes")
        func set(_ name: String, _ value: [UInt8], _ descriptor: Int32) throws {
            try ExtendedAttributes.set(.init(name: Array(name.utf8), value: value), on: .descriptor(descriptor))
        }
        let plain = try file(Array("plain".utf8), Array("x".utf8), in: place)
        try set("user.text", Array("value".utf8), plain.number)
        try set("user.binary", [0, 1, 255, 10], plain.number)
        try set("user.empty", [], plain.number)
        try set("user.n\u{e9}", [1], plain.number)
        let locked = try file(Array("read-only".utf8), in: place)
        try set("user.kept", [1], locked.number)
        try FileMetadata.setPermissions(0o444, of: locked.number)
        let listed = try file(Array("acl".utf8), in: place)
        try set("system.posix_acl_access", AccessList.access, listed.number)
        let folder = try directory("acl-directory")
        try set("system.posix_acl_access", AccessList.standard, folder.number)
        try set("system.posix_acl_default", AccessList.standard, folder.number)
        try set("user.folder", [2], folder.number)
        _ = try file(Array("inherits".utf8), in: folder)
        try folder.makeDirectory(Array("inherits-too".utf8))
        guard privileged else { return }
        try set("trusted.root", Array("only".utf8), plain.number)
        let able = try file(Array("capable".utf8), in: place)
        try FileMetadata.setOwner(1, 1, of: able.number)
        // VFS_CAP_REVISION_2 with the effective bit: cap_net_raw permitted.
        try set("security.capability", [1, 0, 0, 2, 0, 32] + [UInt8](repeating: 0, count: 14), able.number)
        try place.makeSymlink(Array("symlink".utf8), to: [1])
        let link = try FileDescriptor(referenceTo: Array("symlink".utf8), in: place)
        try ExtendedAttributes.set(.init(name: Array("trusted.link".utf8), value: [9]), on: .reference(link.number))
    }

    private func makeLinks() throws {
        let one = try directory("links-a")
        let other = try directory("links-b")
        let shared = Array("shared".utf8)
        _ = try file(shared, Array("one inode".utf8), in: one)
        try one.link(Array("again".utf8), to: shared, in: one)
        try other.link(Array("elsewhere".utf8), to: shared, in: one)
        try one.makeSymlink(Array("symlink".utf8), to: shared)
        try other.link(Array("symlink-too".utf8), to: Array("symlink".utf8), in: one)
        try one.makeNode(Array("fifo".utf8), mode: 0o010600, device: 0)
        try other.link(Array("fifo-too".utf8), to: Array("fifo".utf8), in: one)
        // A member outside of the tree.
        try Directory(folder).link(Array("outside".utf8), to: shared, in: one)
    }

    private func makeOwners() throws {
        guard privileged else { return }
        let place = try directory("owners")
        for (user, group) in [(1, 1), (65534, 65534), (12345, 54321), (0, 4_294_967_290)] as [(UInt32, UInt32)] {
            let name = Array("\(user)".utf8)
            let made = try file(name, in: place)
            try FileMetadata.setOwner(user, group, of: made.number)
            try FileMetadata.setPermissions(0o6755, of: made.number)
            try place.makeSymlink(name + [0x6c], to: name)
            let link = try FileDescriptor(referenceTo: name + [0x6c], in: place)
            try FileMetadata.setOwner(user, group, of: link.number)
        }
        try FileMetadata.setOwner(7, 8, of: place.number)
    }

    private func makeTimes(far: Bool) throws {
        let place = try directory("times")
        var seconds: [Int64] = [-2_147_483_648, -86_401, -1, 0, 1, 2_147_483_648, 4_294_967_296, 9_300_000_000]
        if far { seconds += [15_032_385_536, 20_000_000_000, -20_000_000_000] }
        for (number, second) in seconds.enumerated() {
            let time = Instant(seconds: second, nanoseconds: 999_999_999 - UInt32(number))
            let name = Array("\(second)".utf8)
            let made = try file(name, in: place)
            try FileMetadata.setModified(time, of: made.number)
            try place.makeSymlink(name + [0x6c], to: name)
            try place.makeNode(name + [0x70], mode: 0o010600, device: 0)
            try place.makeDirectory(name + [0x64])
            for suffix in [UInt8(0x6c), 0x70, 0x64] {
                let node = try FileDescriptor(referenceTo: name + [suffix], in: place)
                try FileMetadata.setModified(time, of: node.number)
            }
        }
        try FileMetadata.setModified(Instant(seconds: -5, nanoseconds: 5), of: place.number)
    }

    private func makeFlags() throws {
        let place = try directory("flags")
        var flags: [(String, UInt32)] = [("nodump", 0x40), ("noatime", 0x80), ("both", 0xc0), ("sync", 0x8)]
        if privileged { flags += [("append", 0x20), ("immutable", 0x10), ("everything", 0xf0)] }
        for (name, flag) in flags {
            try place.makeDirectory(Array("\(name)-directory".utf8))
            let folder = try Directory(Array("\(name)-directory".utf8), in: place)
            let inside = try file(Array("inside".utf8), Array(name.utf8), in: folder)
            try InodeFlags.set(flag, on: inside.number)
            try InodeFlags.set(flag, on: folder.number)
        }
    }
}
