import Glibc
import Formats
import Platform
import TestDoubles
import Testing

@Suite("Damage")
struct DamageTests {
    /// A repository with a snapshot of files large and small, and what restores from it.
    private func prepared() throws -> Salvor {
        let salvor = try Salvor.withRepository("damage")
        try salvor.shell(
            "mkdir -p data/deep && cp -r /usr/share/perl5 data/ && head -c 3000000 /dev/urandom > data/deep/large")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        return salvor
    }

    /// Which exit codes an object may cause when it is damaged: a key that is gone leaves no way in.
    private func expected(_ object: String) -> Set<Int32> {
        object.hasPrefix("keys/") || object.hasPrefix("salvor.json") ? [10, 12, 13] : [13]
    }

    @Test("an object with one flipped byte, or cut short, is named with exit 13; what is restored is never wrong")
    func flippedAndTruncated() throws {
        let salvor = try prepared()
        let random = SeededRandomness(seed: 13)
        try salvor.shell("cp -a repository sound")
        let objects = try salvor.objects().filter { $0 != "RECOVER.txt" }
        #expect(objects.count >= 6, "keys, settings, packs, index, snapshot: \(objects)")
        for object in objects {
            let path = "\(salvor.repository)/\(object)"
            let sound = try FileTree.read(Array(path.utf8), limit: 64 << 20)
            guard !sound.isEmpty else { continue }
            for cut in [false, true] {
                var bytes = sound
                let place = random.next(below: bytes.count)
                if cut { bytes.removeSubrange(place...) } else { bytes[place] ^= UInt8(1 << random.next(below: 8)) }
                try FileTree.write(bytes, to: Array(path.utf8))
                let check = try salvor.run("check", "--read-data")
                #expect(check.signal == 0, "\(object): \(check.said)")
                if check.exit == 0 {
                    // Only what no reader needs may be damaged unseen.
                    Issue.record("\(object), \(cut ? "cut at" : "flipped at") \(place) of \(sound.count), is not seen")
                }
                #expect(expected(object).contains(check.exit), "\(object): \(check.said)")
                if check.exit == 13 {
                    let last = object.split(separator: "/").last ?? ""
                    #expect((check.output + check.errors).contains(last), "\(object) is not named: \(check.said)")
                }
                try restoresNothingWrong(salvor, object)
                try FileTree.write(sound, to: Array(path.utf8))
            }
        }
        try salvor.succeeds("check", "--read-data")
    }

    private func restoresNothingWrong(_ salvor: Salvor, _ object: String) throws {
        let restore = try salvor.run("restore", "latest", "--target", "\(salvor.folder.path)/out")
        #expect(restore.signal == 0, "\(object): \(restore.said)")
        if restore.exit == 0 {
            #expect(
                try salvor.differences("\(salvor.folder.path)/data", "\(salvor.folder.path)/out/data") == "",
                "\(object)")
        } else {
            // What did come back under its name has the right bytes.
            let wrong = try salvor.shell(
                """
                test -d out/data || exit 0
                cd out/data && find . -type f | while read -r file; do
                    test ! -e "../../data/$file" || cmp -s "$file" "../../data/$file" || echo "$file"
                done
                """)
            #expect(wrong == "", "\(object): wrong bytes came back")
        }
        try FileTree.remove(salvor.folder.path("out"))
    }

    @Test("a removed object that a snapshot needs is exit 13", arguments: ["packs", "index", "snapshots"])
    func removed(kind: String) throws {
        let salvor = try prepared()
        for object in try salvor.objects(kind) {
            try salvor.shell("mv \(salvor.repository)/\(kind)/\(object) aside")
            let check = try salvor.run("check", "--read-data")
            switch kind {
            // Without its record a snapshot was never made: what is left is garbage, and whole.
            case "snapshots": #expect(check.exit == 0, "\(check.said)")
            // What an index told can be read from the packs themselves; that it is missing is said.
            case "index":
                #expect(check.exit == 13 || (check.output + check.errors).contains("index"), "\(check.said)")
                try restoresNothingWrong(salvor, object)
            default: #expect(check.exit == 13, "\(object): \(check.said)")
            }
            try salvor.shell("mv aside \(salvor.repository)/\(kind)/\(object)")
        }
    }

    @Test("foreign files in the repository harm nothing")
    func foreign() throws {
        let salvor = try prepared()
        try salvor.shell(
            "cd repository && touch photo.jpg packs/.DS_Store index/notes.txt snapshots/README && mkdir lost+found"
        )
        try salvor.succeeds("check", "--read-data")
        try salvor.succeeds("restore", "latest", "--target", "\(salvor.folder.path)/out")
    }

    @Test("a full disk under the repository is named with exit 1; what was whole stays whole, and room makes it go on")
    func repositoryDiskFull() throws {
        try #require(Host.userID == 0, "mounting a small file system needs root")
        let salvor = try Salvor("full")
        try salvor.shell(
            "mkdir repository data && mount -t tmpfs -o size=6m tmpfs repository && echo small > data/small")
        defer { _ = try? salvor.shell("umount -l repository") }
        try salvor.succeeds("init")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.shell("head -c 20000000 /dev/urandom > data/large")
        try salvor.fails(1, naming: [salvor.repository, "space"], "backup", "\(salvor.folder.path)/data")
        try salvor.succeeds("check", "--read-data")
        #expect(try salvor.run("snapshots", "--json").json()["snapshots"]?.whole == 1)
        try salvor.shell("mount -o remount,size=64m repository")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.succeeds("check", "--read-data")
    }

    @Test("a full disk under the target of a restore is named with exit 1, and nothing half-made has its name")
    func targetDiskFull() throws {
        try #require(Host.userID == 0, "mounting a small file system needs root")
        let salvor = try prepared()
        try salvor.shell("mkdir out && mount -t tmpfs -o size=2m tmpfs out")
        defer { _ = try? salvor.shell("umount -l out") }
        let result = try salvor.run("restore", "latest", "--target", "\(salvor.folder.path)/out")
        #expect(result.exit == 1, "\(result.said)")
        #expect(
            result.errors.contains("\(salvor.folder.path)/out") && result.errors.contains("space"), "\(result.said)")
        let wrong = try salvor.shell(
            """
            cd out && find . -type f | while read -r file; do
                test ! -e "../$file" || cmp -s "$file" "../$file" || echo "$file"
            done
            """
        )
        #expect(wrong == "")
    }
}
