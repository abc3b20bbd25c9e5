import Formats
import Platform
import TestDoubles
import Testing

@Suite("What lies in a repository is found, compared and given away")
struct ReadingTests {
    /// Two nights of a tree with odd things in it.
    private func prepared() throws -> Salvor {
        let salvor = try Salvor.withRepository("reading")
        try salvor.shell(
            #"""
            mkdir -p data/empty data/modes && cd data && cp -r /usr/share/perl5 .
            echo one > one && ln one hard && ln -s one soft && ln -s /nowhere/at/all dangling && mkfifo pipe
            truncate -s 50M sparse && printf x | dd of=sparse bs=1 seek=20000000 conv=notrunc status=none
            printf data > $'name\nwith\xff bytes' && printf '' > empty-file
            mkdir -p "$(printf 'long%.0s' {1..50})/$(printf 'name%.0s' {1..50})"
            touch "$(printf 'long%.0s' {1..50})/$(printf 'name%.0s' {1..50})/file"
            touch -d '1969-07-20 20:17:40.123456789 UTC' one && touch -h -d '2400-01-01' soft
            setfattr -n user.origin -v $'a value' one && setfacl -m u:1:r-x modes
            for mode in 0000 0400 0644 2755 4755 1777; do touch modes/$mode && chmod $mode modes/$mode; done
            """#)
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.shell(
            "cp -a data first && echo two > data/one && rm -r data/empty && mkdir data/new && touch data/new/x")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        return salvor
    }

    @Test("an archive through a pipe into tar is the tree that was saved")
    func archive() throws {
        let salvor = try prepared()
        try salvor.shell(
            """
            mkdir out first-out
            \(Salvor.binary) dump latest --archive tar | tar -x --acls --xattrs --xattrs-include='*' -C out
            \(Salvor.binary) dump latest~1:data/perl5 --archive tar -o perl5.tar -q && tar -xf perl5.tar -C first-out
            """)
        #expect(try salvor.differences("\(salvor.folder.path)/data", "\(salvor.folder.path)/out/data") == "")
        #expect(
            try salvor.differences("\(salvor.folder.path)/first/perl5", "\(salvor.folder.path)/first-out/data/perl5")
                == "")
        #expect(try salvor.shell("stat -c %b out/data/sparse | awk '$1 < 2000'") != "", "a hole stays a hole")
        try salvor.shell(
            "! \(Salvor.binary) dump latest --archive tar -o perl5.tar 2> said; grep -q 'exists already' said")
    }

    @Test(
        "a diff with what was restored, and with what was never touched, finds nothing; with the other night just that")
    func diff() throws {
        let salvor = try prepared()
        try salvor.succeeds("restore", "latest", "--target", "\(salvor.folder.path)/out")
        for words in [
            ["latest", "./out", "--read-data"], ["latest:data", "\(salvor.folder.path)/data"], ["latest", "latest"],
        ] {
            let result = try salvor.run(["diff", "--metadata"] + words)
            #expect(
                result.exit == 0 && result.output == "" && result.errors.hasSuffix("no differences\n"), "\(result.said)"
            )
        }
        let nights = ["M data/hard", "M data/one", "- data/empty", "+ data/new", "+ data/new/x"].sorted()
        for words in [["latest~1", "latest"], ["latest~1", "./out"], ["latest~1:data", "./data"]] {
            let result = try salvor.run(["diff"] + words)
            let lines = result.output.split(separator: "\n").map { String($0) }.sorted()
            #expect(result.exit == 0 && lines == nights, "\(result.said)")
        }
        let back = try salvor.run("diff", "latest", "./first/../data", "-q")
        #expect(back.exit == 0 && back.errors == "" && back.output.contains("- data\n"), "a source lies under its name")
    }

    @Test("what find shows can be given to dump as it stands")
    func find() throws {
        let salvor = try prepared()
        let found = try salvor.succeeds("find", "one").output.split(separator: "\n").map { String($0) }
        #expect(found.count == 2)
        #expect(try found.map { try salvor.succeeds("dump", $0).output } == ["two\n", "one\n"])
        let odd = try salvor.succeeds("find", "name*bytes", "--first").output.split(separator: "\n")
        #expect(odd.count == 1 && odd[0].hasSuffix(#":data/name\x0awith\xff bytes"#))
        #expect(try salvor.succeeds("dump", String(odd[0])).output == "data")
        let sum = try salvor.shell("sha256sum < first/one | cut -d' ' -f1").prefix(64)
        #expect(try salvor.succeeds("find", "--sha256", String(sum)).output.split(separator: "\n").count == 2)
    }

    @Test(
        "a reader who has seen enough is no failure",
        arguments: [
            "find '*'", "diff latest ./empty", "dump latest --archive tar", "ls latest", "find '*' --json",
        ])
    func closedPipe(words: String) throws {
        let salvor = try prepared()
        let said = try salvor.shell(
            """
            mkdir empty && set +e
            \(Salvor.binary) -q \(words) 2> errors | head -c 100 > /dev/null
            echo "${PIPESTATUS[0]}" && cat errors
            """)
        #expect(said == "0\n", "\(said)")
    }

    @Test("on a damaged repository each verb says so with exit 13, gives what it can, and never crashes")
    func damage() throws {
        let salvor = try prepared()
        let random = SeededRandomness(seed: 17)
        var archives = 0
        for object in try salvor.objects("packs") {
            let path = Array("\(salvor.repository)/packs/\(object)".utf8)
            let sound = try FileTree.read(path, limit: 64 << 20)
            for _ in 0..<3 {
                var bytes = sound
                bytes[random.next(below: bytes.count)] ^= 4
                try FileTree.write(bytes, to: path)
                for words in [
                    ["find", "*.pm"], ["diff", "latest~1", "latest"], ["diff", "latest:data", "./data"],
                    ["ls", "latest"],
                ] {
                    let result = try salvor.run(words)
                    #expect(result.signal == 0 && [0, 13].contains(result.exit), "\(words) \(result.said)")
                }
                let dumped = try salvor.run("dump", "latest", "--archive", "tar", "-o", "\(salvor.folder.path)/all.tar")
                #expect(dumped.signal == 0 && [0, 13].contains(dumped.exit), "\(dumped.said)")
                try salvor.shell("rm -rf out && mkdir out")
                let unpacked = try ChildProcess.run(
                    ["tar", "-xf", "\(salvor.folder.path)/all.tar", "-C", "\(salvor.folder.path)/out"],
                    environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
                #expect(unpacked.ending.code == (dumped.exit == 0 ? 0 : 2), "\(unpacked.complaint)")
                if dumped.exit == 13 { archives += 1 }
                try salvor.shell("rm -f all.tar")
                // No file of one chunk is ever there with other bytes than it had.
                let wrong = try salvor.shell(
                    """
                    test -d out/data || exit 0
                    cd out/data && find . -type f ! -name sparse | while IFS= read -r file; do
                        test ! -e "../../data/$file" || cmp -s "$file" "../../data/$file" || echo "$file"
                    done
                    """)
                #expect(wrong == "", "\(object): wrong bytes came back")
            }
            try FileTree.write(sound, to: path)
        }
        #expect(archives > 0, "some damage was met")
        try salvor.succeeds("check", "--read-data")
    }

    @Test("what cannot be read on disk is exit 3, and named")
    func unreadable() throws {
        try #require(Host.userID == 0, "only root can become somebody else")
        let salvor = try prepared()
        try salvor.shell(
            """
            chmod 755 . data && chmod -R a+rX repository && chmod 700 data/perl5 && echo more >> data/one
            cp \(Salvor.binary) readable && chmod 755 readable
            """)
        let result = try salvor.shell(
            """
            set +e
            setpriv --reuid=65534 --regid=65534 --clear-groups ./readable diff latest:data ./data 2> errors
            echo "exit $?"; cat errors
            """)
        #expect(result.contains("exit 3\n") && result.contains("M data/one\n"), "\(result)")
        #expect(result.contains("/data/perl5: cannot be read: Permission denied"), "\(result)")
        #expect(!result.contains("- data/perl5"), "what cannot be read is not taken for gone")
    }
}
