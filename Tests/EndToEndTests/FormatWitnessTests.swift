import Formats
import Platform
import TestDoubles
import Testing

/// What the format article promises, shown by others than salvor's own code on this machine's libraries.
@Suite("The format has witnesses")
struct FormatWitnessTests {
    private static let tree = """
        mkdir -p data/sub/deep data/many && printf 'hello\\n' > data/hello && : > data/empty
        head -c 3000000 /dev/urandom > data/random && head -c 3000000 /dev/zero > data/zeros
        for n in $(seq 1 300); do echo "$n" > "data/many/file $n"; done
        ln data/hello data/sub/again && ln -s ../hello data/sub/link && ln -s /nowhere/at/all data/dangling
        truncate -s 5000000 data/holes && printf island | dd of=data/holes bs=1 seek=2000000 conv=notrunc status=none
        cat data/many/* > data/text
        for n in 1 2 3 4 5 6 7 8; do cat data/text data/text > data/t && mv data/t data/text; done
        chmod 4750 data/hello && chmod 1777 data/sub && touch -d '1961-04-12 06:07:00.123456789 UTC' data/sub/deep
        mkfifo data/pipe && setfattr -n user.origin -v mars data/empty
        """

    @Test("a reader that was written from the article alone brings back the same tree")
    func reader() throws {
        let salvor = try Salvor.withRepository("witness")
        try salvor.shell(Self.tree)
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        try salvor.shell("echo changed > data/hello && rm data/zeros && echo new > data/new")
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        let script = "\(Salvor.top)/Tests/Vectors/reader/read_repository.py"
        let out = "\(salvor.folder.path)/read"
        let outcome = try ChildProcess.run(
            [
                "/usr/bin/python3", "-B", script, salvor.repository, "--password", salvor.password, "restore", "latest",
                out,
            ], environment: ["PATH": "/usr/bin:/bin"])
        let said = String(decoding: outcome.output + outcome.errors, as: UTF8.self)
        #expect(outcome.ending.succeeded, "\(said)")
        #expect(try salvor.differences("\(salvor.folder.path)/data", "\(out)/data") == "", "\(said)")
    }

    @Test("without libzstd a backup is packed by zlib, and comes back where libzstd is and where it is not")
    func hiddenLibrary() throws {
        let salvor = try Salvor.withRepository("zlib")
        let hidden = ["LD_PRELOAD": try Self.hide(salvor)]
        try salvor.shell(Self.tree)
        let data = "\(salvor.folder.path)/data"
        let backup = try salvor.run(["backup", data], hidden)
        try #require(backup.exit == 0, "\(backup.said)")
        try salvor.succeeds("check", "--read-data")
        try salvor.succeeds("restore", "latest", "--target", "\(salvor.folder.path)/with")
        #expect(try salvor.differences(data, "\(salvor.folder.path)/with/data") == "")
        let without = try salvor.run(["restore", "latest", "--target", "\(salvor.folder.path)/without"], hidden)
        #expect(without.exit == 0, "\(without.said)")
        #expect(try salvor.differences(data, "\(salvor.folder.path)/without/data") == "")
    }

    @Test("without libzstd a backup that needs it is not read, and the package is named")
    func missingLibrary() throws {
        let salvor = try Salvor.withRepository("zstd")
        try salvor.shell(Self.tree)
        try salvor.succeeds("backup", "\(salvor.folder.path)/data")
        let hidden = ["LD_PRELOAD": try Self.hide(salvor)]
        let result = try salvor.run(["restore", "latest", "--target", "\(salvor.folder.path)/out"], hidden)
        #expect(result.exit == 1, "\(result.said)")
        #expect(result.errors.contains("libzstd1"), "\(result.said)")
    }

    /// Builds the library that hides libzstd from a run.
    private static func hide(_ salvor: Salvor) throws -> String {
        let path = salvor.folder.path + "/hidezstd.so"
        let source = Salvor.top + "/Tests/EndToEndTests/faults/hidezstd.c"
        try salvor.shell("cc -shared -fPIC -O1 -Wall -Werror -o '\(path)' '\(source)' -ldl")
        return path
    }
}
