import Formats
import Platform
import TestDoubles
import Testing

@Suite("Files come back")
struct FilesRoundTripTests {
    @Test("real trees come back with no difference in anything that a restore can set")
    func realTrees() throws {
        let salvor = try Salvor.withRepository()
        let sources = ["/usr/share/zoneinfo", "/usr/share/perl5", "/usr/lib/python3", "/usr/share/doc"]
        let words = ["backup"] + sources
        let backup = try salvor.run(words)
        #expect(backup.exit == 0, "\(backup.said)")
        try salvor.succeeds("check", "--read-data")
        try salvor.succeeds("restore", "latest", "--target", "\(salvor.folder.path)/out")
        for source in sources {
            let name = source.split(separator: "/").last ?? ""
            #expect(try salvor.differences(source, "\(salvor.folder.path)/out/\(name)") == "")
        }
        let again = try salvor.run(words + ["--json"])
        let stored = try again.json()["bytesStored"]?.whole
        #expect(stored ?? .max < 64 << 10, "an unchanged tree stores next to nothing: \(again.said)")
    }

    @Test("links, holes, times before 1970, attributes, odd names and modes come back")
    func oddThings() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell(
            #"""
            mkdir -p data/empty data/modes && cd data
            echo one > one && ln one hard && ln -s one soft && ln -s /nowhere/at/all dangling && mkfifo pipe
            truncate -s 50M sparse && printf x | dd of=sparse bs=1 seek=20000000 conv=notrunc status=none
            printf data > $'name\nwith\xff bytes' && printf '' > empty-file
            touch -d '1969-07-20 20:17:40.123456789 UTC' one && touch -h -d '2500-01-01' soft
            setfattr -n user.origin -v $'a value' one && setfacl -m u:1:r-x modes
            for mode in 0000 0400 0644 2755 4755 1777; do touch modes/$mode && chmod $mode modes/$mode; done
            touch -d '2001-02-03 04:05:06.7' empty modes .
            """#)
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.succeeds("restore", "latest:data", "--target", "\(salvor.folder.path)/out")
        #expect(try salvor.differences("\(salvor.folder.path)/data", "\(salvor.folder.path)/out") == "")
        #expect(try salvor.shell("stat -c %b out/sparse | awk '$1 < 2000'") != "", "a hole stays a hole")
        try salvor.succeeds("restore", "latest:data/one", "--target", "\(salvor.folder.path)/single")
        #expect(try salvor.shell("cat single/one") == "one\n")
        #expect(try salvor.succeeds("dump", "latest:data/hard").bytes == Array("one\n".utf8))
    }

    @Test("a changed file is saved anew, a removed one is gone, and the earlier night still has both")
    func nights() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir data && echo first > data/a && echo stays > data/b && echo goes > data/c")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.shell(
            "cp -a data first && echo second > data/a && rm data/c && mkdir data/new && echo new > data/new/d")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.succeeds("restore", "latest:data", "--target", "\(salvor.folder.path)/out")
        try salvor.succeeds("restore", "latest~1:data", "--target", "\(salvor.folder.path)/out-first")
        #expect(try salvor.differences("\(salvor.folder.path)/data", "\(salvor.folder.path)/out") == "")
        #expect(try salvor.differences("\(salvor.folder.path)/first", "\(salvor.folder.path)/out-first") == "")
    }

    @Test("the recovery key of the sheet opens the repository when the password is lost")
    func recoveryKey() throws {
        let salvor = try Salvor()
        let sheet = try salvor.succeeds("init").output
        let key = sheet.split(separator: "\n").filter { $0.contains(" - ") }.joined(separator: " ")
        try salvor.shell("mkdir data && echo x > data/file")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        let opened = try salvor.run(["dump", "latest:data/file"], ["SALVOR_PASSWORD": key])
        #expect(opened.exit == 0 && opened.output == "x\n", "\(opened.said)")
        let stored = try salvor.shell("! grep -rqF '\(key.prefix(18))' \(salvor.repository) && echo absent")
        #expect(stored == "absent\n")
    }
}
