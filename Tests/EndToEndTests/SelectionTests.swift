import Formats
import Platform
import TestDoubles
import Testing

@Suite("A backup saves what it is told to, and says what it left out")
struct SelectionTests {
    private func paths(_ salvor: Salvor) throws -> Set<String> {
        Set(try salvor.succeeds("ls", "latest").output.split(separator: "\n").map { String($0) })
    }

    @Test("excludes change from night to night: each night holds exactly what its patterns leave")
    func nights() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell(
            """
            mkdir -p data/a/b data/cache/deep data/docs && cd data
            for n in $(seq 30); do head -c 5000 /dev/urandom > a/$n.tmp; head -c 5000 /dev/urandom > a/b/$n; done
            echo x > cache/x; echo y > cache/deep/y; echo z > docs/cache; echo keep > docs/keep.tmp
            """)
        let nights: [(patterns: [String], removal: String)] = [
            ([], "true"), (["*.tmp"], "find . -name '*.tmp' -delete"), (["cache"], "rm -r cache docs/cache"),
            (["/cache/", "a/b/?"], "rm -r cache a/b/?"), ([], "true"),
            (["*.tmp", "!docs/keep.tmp", "deep"], "rm a/*.tmp; rm -r cache/deep"), (["/*", "!/docs"], "rm -r a cache"),
            (["*.tmp", "cache/**"], "find . -name '*.tmp' -delete; rm -r cache/*"), ([], "true"),
        ]
        for (number, night) in nights.enumerated() {
            let words = ["backup", "\(salvor.folder.path)/data"] + night.patterns.map { "--exclude=\($0)" }
            let saved = try salvor.run(words)
            #expect(saved.exit == 0 && saved.errors == "", "\(saved.said)")
            try salvor.shell("rm -rf expected && cp -a data expected && cd expected && \(night.removal)")
            try salvor.succeeds("restore", "latest:data", "--target", "\(salvor.folder.path)/out\(number)")
            // A directory's time is the one that it has in the source, with all that lies there.
            let differences = try salvor.shell(
                "cd out\(number) && find . -printf '%P %y %s\\n' | sort > ../got; cd ../expected && find . -printf "
                    + "'%P %y %s\\n' | sort > ../want; diff <(grep -v ' d ' ../got) <(grep -v ' d ' ../want) && "
                    + "diff <(grep ' d ' ../got | cut -d' ' -f1) <(grep ' d ' ../want | cut -d' ' -f1)")
            #expect(differences == "", "night \(number): \(night.patterns)")
        }
        try salvor.succeeds("check", "--read-data")
    }

    /// Whether this user may mount something where nobody else sees it.
    private static let mayMount: Bool = {
        let line = "mount -t tmpfs none /mnt && mount --bind /usr /mnt"
        let outcome = try? ChildProcess.run(
            ["unshare", "--mount", "--map-root-user", "sh", "-ec", line], environment: Environment.withoutSecrets())
        return outcome?.ending.succeeded == true
    }()

    @Test(
        "directories of other file systems, bind mounts too, are kept empty, and only with --one-file-system",
        .enabled(if: mayMount, "nothing can be mounted here"))
    func mounts() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir -p data/tmpfs data/bind data/plain && echo x > data/plain/x")
        // In a mount namespace of its own, so that nothing is left mounted.
        let mounting = """
            mount -t tmpfs none data/tmpfs && mkdir data/tmpfs/deep && echo y > data/tmpfs/deep/y && \
            mount --bind data/plain data/bind
            """
        func backUp(_ options: String) throws -> JSONValue {
            let line = "\(mounting) && exec \(Salvor.binary) backup data --json \(options)"
            let outcome = try ChildProcess.run(
                ["unshare", "--mount", "--map-root-user", "bash", "-ec", line], environment: salvor.environment(),
                directory: salvor.folder.path)
            #expect(outcome.ending.succeeded, "\(outcome.complaint)")
            return try JSONParser.parse(outcome.output)
        }
        let all = try backUp("")
        #expect(all["sources"]?.elements?.first?["selection"] == .null)
        #expect(try paths(salvor).isSuperset(of: ["data/tmpfs/deep/y", "data/bind/x"]))
        let own = try backUp("--one-file-system")
        #expect(own["sources"]?.elements?.first?["selection"]?["leftOut"]?["mounts"] == 2)
        #expect(try paths(salvor) == ["data", "data/bind", "data/plain", "data/plain/x", "data/tmpfs"])
    }

    @Test("a list of a million lines, in any order, is what is saved; what it names and is not there is exit 3")
    func hugeList() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell(
            """
            mkdir -p data/{a,b,c,d,e}/{1,2,3,4} && cd data
            for d in */*; do for n in $(seq 60); do echo $d $n > $d/file-$n; done; done
            find . -name 'file-*[05]' -printf '%P\\n' > ../named; wc -l < ../named
            """)
        let named = Set(try salvor.shell("cat named").split(separator: "\n").map { "data/\($0)" })
        #expect(named.count == 240)
        // Each of them more than four thousand times, and never in order.
        try salvor.shell("for n in $(seq 4200); do cat named; done | shuf > list && test $(wc -l < list) -ge 1000000")
        let saved = try salvor.run("backup", "data", "--files-from", "list", "--json")
        #expect(saved.exit == 0, "\(saved.said.prefix(500))")
        let filesFrom = try saved.json()["sources"]?.elements?.first?["selection"]?["filesFrom"]
        #expect(filesFrom?["paths"]?.whole == 240)
        let held = try paths(salvor)
        #expect(held.filter { $0.contains("/file-") } == named)
        #expect(held.count == 240 + 1 + 5 + 20, "and the directories above them")
        try salvor.shell("(cat named; for n in $(seq 100000); do echo a/1/gone-$n; done) > holes")
        let short = try salvor.fails(3, naming: ["a/1/gone-"], "backup", "data", "--files-from", "holes", "--json")
        let findings = try #require(try short.json()["sources"]?.elements?.first?["findings"]?.elements)
        #expect(findings.count == 1001, "a thousand by their names, and the number of the rest")
        #expect(findings.last?["sentence"]?.text?.contains("99,000") == true)
        #expect(try paths(salvor) == held)
    }

    @Test("names with line breaks, blanks and bytes that are no text come through a list that ends with NULs")
    func lineBreaks() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell(
            """
            mkdir -p $'data/with\\nbreak/in' data/other && cd data
            echo 1 > $'with\\nbreak/in/a\\nb' && echo 2 > $'with\\nbreak/not' && echo 3 > $' x \\xff'
            echo 4 > other/z && printf '%s\\0' $'with\\nbreak/in/a\\nb' "$PWD/"$' x \\xff' > ../named
            cat ../named | \(Salvor.binary) backup "$PWD" --files-from0 - -q
            """)
        try salvor.succeeds("restore", "latest:data", "--target", "\(salvor.folder.path)/out")
        #expect(try salvor.shell("cd out && find . -type f -printf x") == "xx")
        #expect(try salvor.shell("cat $'out/with\\nbreak/in/a\\nb' $'out/ x \\xff'") == "1\n3\n")
        try salvor.shell("printf 'other/z\\0' > list")
        try salvor.fails(2, naming: ["--files-from0"], "backup", "data", "--files-from", "list")
    }

    @Test("what would silently leave out nothing, or reach outside, is refused before anything is done")
    func refused() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir -p data/uploads && echo x > data/uploads/x && echo '/etc/passwd' > list")
        let place = "\(salvor.folder.path)/data"
        try salvor.fails(
            2, naming: ["root", "/uploads"], "backup", place, "--exclude", "\(place)/uploads")
        try salvor.fails(2, naming: ["list:1", "/etc/passwd"], "backup", place, "--files-from", "list")
        try salvor.fails(2, "backup", place, "\(salvor.repository)", "--files-from", "list")
        #expect(try salvor.objects("snapshots") == [])
    }

    @Test("a tagged cache and a marked directory are kept for their marks, and a drill knows what was left out")
    func marked() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell(
            """
            mkdir -p data/cache/sub data/marked/sub data/fake && cd data
            printf 'Signature: 8a477f597d28d172789f06886806bc55\\n# made by hand\\n' > cache/CACHEDIR.TAG
            echo x | tee cache/x cache/sub/x marked/x marked/sub/x fake/x > big
            touch marked/.nobackup fake/CACHEDIR.TAG
            truncate -s 3M huge
            """)
        let saved = try salvor.succeeds(
            "backup", "data", "--exclude-caches", "--exclude-if-present", ".nobackup", "--exclude-larger-than", "2M",
            "--exclude", "big")
        #expect(saved.output.contains("1 cache, 1 marked directory, 1 large file, 3.00 MiB or more"), "\(saved.output)")
        #expect(
            try paths(salvor) == [
                "data", "data/cache", "data/cache/CACHEDIR.TAG", "data/fake", "data/fake/CACHEDIR.TAG", "data/fake/x",
                "data/marked", "data/marked/.nobackup",
            ])
        let drill = try salvor.succeeds("drill", "--staging", salvor.staging)
        let said = drill.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(said.contains("what was left out of data when it was saved (big): 6 entries"), "\(drill.output)")
    }
}
