import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Everything that a file system can hold comes back", .enabled(if: Mounts.arePermitted, "mounting takes root"))
struct EveryKindTests {
    enum Kind: String, CaseIterable {
        case ext4
        case tmpfs
    }

    private func place(_ kind: Kind, _ mounts: Mounts) throws -> String {
        switch kind {
        case .ext4: try mounts.ext4("place", megabytes: 900, inodes: 260_000)
        case .tmpfs: try mounts.tmpfs("place", megabytes: 900)
        }
    }

    @Test("as root, without a difference, on ext4 and in memory", arguments: Kind.allCases)
    func asRoot(kind: Kind) throws {
        let salvor = try Salvor.withRepository("kinds")
        let mounts = try Mounts(in: salvor.folder)
        let place = try place(kind, mounts)
        let tree = try NastyTree(
            in: Array(place.utf8), privileged: true, flags: kind == .ext4, farTimes: kind == .tmpfs)
        try tree.addIsland()
        try tree.addCrowd(100_000)
        let root = printable(tree.root)
        let backup = try salvor.succeeds("backup", "nasty=\(root)")
        #expect(backup.errors == "", "nothing is missing")
        let stored = try salvor.shell("du -sm repository | cut -f1").dropLast()
        #expect(Int(stored) ?? .max < 32, "a hole takes no room: \(stored) MiB")
        let restore = try salvor.succeeds("restore", "latest:nasty", "--target", "\(place)/back")
        #expect(restore.output.contains("every owner, mode, time and attribute is as it was saved"), "\(restore.said)")
        #expect(try salvor.differences(root, "\(place)/back") == "")
        #expect(try salvor.shell("stat -c %b \(place)/back/island | awk '$1 > 64'") == "", "a hole stays a hole")
        // Again, over what is there, with everything in the way: nothing is wrong, and nothing is fetched.
        let again = try salvor.succeeds("restore", "--json", "latest:nasty", "--target", "\(place)/back")
        #expect(again.output.contains("\"bytesFetched\":0,"), "\(again.output.suffix(600))")
        #expect(try salvor.differences(root, "\(place)/back") == "")
        try salvor.succeeds("restore", "latest:nasty", "--target", "\(place)/back", "--overwrite", "always", "--delete")
        #expect(try salvor.differences(root, "\(place)/back") == "")
    }

    @Test("as an ordinary user, all that he may set, and the rest is named")
    func asOrdinaryUser() throws {
        let salvor = try Salvor.withRepository("kinds")
        let mounts = try Mounts(in: salvor.folder)
        let place = try place(.ext4, mounts)
        let tree = try NastyTree(in: Array(place.utf8), privileged: true, flags: true)
        let root = printable(tree.root)
        try salvor.succeeds("backup", "nasty=\(root)")
        try salvor.shell(
            """
            cp \(Salvor.binary) \(place)/salvor && chmod 755 \(place)/salvor
            mkdir -m 700 \(place)/own && chown 65534:65534 \(place)/own && chown -R 65534:65534 repository
            """)
        let line =
            "cd \(place)/own && HOME=\(place)/own SALVOR_CACHE_DIR=\(place)/own/cache "
            + "setpriv --reuid 65534 --regid 65534 --clear-groups \(place)/salvor "
        let said = try salvor.shell(line + "restore latest:nasty --target \(place)/own/back 2>&1 || echo exit $?")
        #expect(said.contains("exit 3"), "\(said)")
        for told in [
            "special/null", "special/block", "the owner", "the group", "set-id bits", "security.capability",
            "trusted.root", "inode flags",
        ] { #expect(said.contains(told), "\(told) is not told: \(said)") }
        let compare = "python3 \(Salvor.top)/Scripts/compare-trees --ignore-root --ignore-owner --ignore-flags"
        let differences = try salvor.shell("\(compare) \(root) \(place)/own/back || true").split(separator: "\n")
        let unexpected = differences.filter { line in
            !["special/null", "special/block"].contains { line.hasPrefix($0) } && !line.contains("trusted.")
                && !line.contains("security.capability") && !line.contains("mode differs")
        }
        #expect(unexpected == [])
        // Of `owners`, one belongs to this user in the snapshot, too.
        let dangerous = "find \(place)/own/back/owners -perm /6000 -not -type d -not -name '65534*'"
        #expect(try salvor.shell(dangerous) == "")
        // What this user may read of that comes back whole. He cannot read what he forbade himself.
        try salvor.shell(line + "backup \(place)/own/back || echo exit $?")
        let own = try salvor.shell(line + "restore latest:back --target \(place)/own/again 2>&1 || echo exit $?")
        let second = try salvor.shell("\(compare) \(place)/own/back \(place)/own/again || true").split(separator: "\n")
        #expect(second.filter { !$0.hasPrefix("modes/") } == [], "\(own)")
    }
}
