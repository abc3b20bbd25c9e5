import Formats
import Glibc
import Platform
import TestDoubles
import Testing

@Suite("Standard input, and what a command writes, is saved whole or not at all")
struct StandardInputTests {
    @Test("megabytes from a pipe come back byte for byte, also when nothing but the command line says how")
    func pipe() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell(
            """
            head -c 40000000 /dev/urandom > data; yes text | head -c 9000000 >> data
            cat data | \(Salvor.binary) backup - -q
            \(Salvor.binary) backup dump=- --stdin-command 'cat data' -q
            """)
        for (number, name) in [(1, "stdin"), (0, "dump")] {
            try salvor.succeeds("restore", "latest~\(number):\(name)", "--target", "\(salvor.folder.path)/\(name)")
            try salvor.shell("cmp data \(name)/\(name) && test $(stat -c %a \(name)/\(name)) = 600")
        }
        let sum = try salvor.shell("cat data | sha256sum")
        #expect(try salvor.shell("\(Salvor.binary) dump latest:dump | sha256sum") == sum)
        let drill = try salvor.succeeds("drill", "--staging", salvor.staging, "--json").json()
        #expect(drill["verdict"]?.text == "recovered")
        #expect(drill["checks"]?.elements?.map { $0["id"]?.text } == ["stdin.bytes"])
        try salvor.succeeds("check", "--read-data")
    }

    @Test(
        "a command that fails or is killed leaves no snapshot, exit 1, with its code and its words",
        arguments: [
            ("echo no space >&2; head -c 9000000 /dev/zero; exit 3", "exit 3", "no space"),
            ("echo some; kill -KILL $$", "killed by signal 9", "killed"), ("no-such-program", "exit 127", "not found"),
            ("true | false", "exit 1", "true | false"),
        ])
    func failing(line: String, ending: String, words: String) throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir data && echo x > data/x")
        try salvor.fails(1, naming: [ending, words], "backup", "data", "db=-", "--stdin-command", line)
        #expect(try salvor.snapshots() == 0)
        try salvor.succeeds("backup", "data", "db=-", "--stdin-command", "echo good")
        #expect(try salvor.succeeds("dump", "latest:db").output == "good\n")
        try salvor.succeeds("check", "--read-data")
    }

    @Test(
        "Ctrl-C and SIGTERM end the command with all that it started, and nothing is saved",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func signals(signal: Int32, exit: Int32) throws {
        let salvor = try Salvor.withRepository()
        let child = try ChildProcess(
            [
                Salvor.binary, "backup", "-", "--stdin-command",
                "echo begun; sleep 300 & echo $! > pid.new; mv pid.new pid; wait",
            ], environment: salvor.environment(), output: .null, errors: .null, directory: salvor.folder.path)
        let file = salvor.folder.path("pid")
        while (try? FileStatus(of: file, following: false)) == nil, child.endingIfAny() == nil { usleep(5_000) }
        child.signal(signal, group: false)
        #expect(try child.wait().code == exit)
        let text = String(decoding: try FileTree.read(file, limit: 20), as: UTF8.self)
        let sleeper = try #require(pid_t(text.dropLast()))
        for _ in 0..<500 where kill(sleeper, 0) == 0 { usleep(10_000) }
        #expect(kill(sleeper, 0) != 0, "the command's own child is gone as well")
        #expect(try salvor.snapshots() == 0)
    }

    @Test("a signal ends the waiting for a pipe that says nothing")
    func silentPipe() throws {
        let salvor = try Salvor.withRepository()
        let child = try ChildProcess(
            [Salvor.binary, "backup", "-"], environment: salvor.environment(), input: .pipe, output: .null,
            errors: .null, directory: salvor.folder.path)
        while try salvor.objects("sessions").isEmpty, child.endingIfAny() == nil { usleep(5_000) }
        child.signal(SIGINT)
        #expect(try child.wait().code == 130)
        #expect(try salvor.snapshots() == 0)
    }

    @Test("standard streams that are closed are failures, and nothing of ours takes their place")
    func closedStreams() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("mkdir data && echo x > data/x")
        #expect(
            try salvor.shell("\(Salvor.binary) backup - <&- 2>said || echo $?; cat said").contains("standard input"))
        #expect(try salvor.snapshots() == 0)
        try salvor.shell("\(Salvor.binary) backup - < / 2>said && exit 9 || test $? = 1; grep -q directory said")
        #expect(try salvor.shell("\(Salvor.binary) backup data >&- 2>said || echo $?") == "1\n")
        #expect(try salvor.shell("\(Salvor.binary) backup data >&- 2>&- <&- || echo $?") == "1\n")
        #expect(try salvor.snapshots() == 2, "the backup itself was done, and nobody could be told")
        try salvor.succeeds("check", "--read-data")
    }

    @Test("a terminal is no data, and a password is asked for at the terminal while a pipe is read")
    func terminal() throws {
        let salvor = try Salvor.withRepository()
        let refused = try atTerminal(salvor, "exec \(Salvor.binary) backup -", [:])
        #expect(refused.exit == 2 && refused.said.contains("terminal"), "\(refused)")
        let without = ["SALVOR_PASSWORD": ""]
        let piped = try atTerminal(salvor, "printf 'data\\nmore' | \(Salvor.binary) backup -", without)
        #expect(piped.exit == 0 && piped.said.contains("password"), "\(piped)")
        #expect(!piped.said.contains(salvor.password))
        #expect(try salvor.succeeds("dump", "latest:stdin").output == "data\nmore")
        let listed = try atTerminal(salvor, "echo a | \(Salvor.binary) backup data=. --files-from -", without)
        #expect(listed.exit == 3 && listed.said.contains("does not exist"), "\(listed)")
    }

    @Test("a command that gives the password does not read what is to be saved, and may read where nothing is")
    func passwordCommand() throws {
        let salvor = try Salvor.withRepository()
        try salvor.shell("echo 'cat > seen; echo \(salvor.password)' > ask; mkdir data")
        let line = "printf data | env -u SALVOR_PASSWORD \(Salvor.binary) --password-command 'bash ask' backup -q"
        try salvor.shell("\(line) -")
        #expect(try salvor.succeeds("dump", "latest:stdin").output == "data")
        #expect(try salvor.shell("wc -c < seen") == "0\n")
        try salvor.shell("\(line) data")
        #expect(try salvor.shell("cat seen") == "data")
    }

    /// Runs a line of bash with a terminal, at which the password is typed when it is asked for.
    private func atTerminal(
        _ salvor: Salvor, _ line: String, _ changes: [String: String]
    ) throws -> (exit: Int32, said: String) {
        let script = """
            import os, pty, sys
            process, terminal = pty.fork()
            if process == 0:
                os.execvp("bash", ["bash", "-ec", "set -o pipefail; " + sys.argv[1]])
            said, typed = b"", False
            while True:
                try: piece = os.read(terminal, 4096)
                except OSError: break
                if not piece: break
                said += piece
                if not typed and b"password" in said and b": " in said:
                    os.write(terminal, sys.argv[2].encode() + b"\\n")
                    typed = True
            sys.stdout.buffer.write(said)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
            """
        let outcome = try ChildProcess.run(
            ["/usr/bin/python3", "-c", script, line, salvor.password], environment: salvor.environment(changes),
            directory: salvor.folder.path)
        return (outcome.ending.code, String(decoding: outcome.output + outcome.errors, as: UTF8.self))
    }
}
