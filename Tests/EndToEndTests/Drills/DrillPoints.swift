import Platform
import TestDoubles
import Testing

/// Places in a drill that are outside of salvor, at which it can be made to wait: programs around PostgreSQL's own, and
/// programs of a policy. Each is passed several times; `initdb-1` is the first time of `initdb`.
final class DrillPoints {
    /// The directory for `drill.postgres.binaries`.
    let binaries: String
    private let folder: String
    private let test: TemporaryFolder

    /// Makes the programs in the folder of a test.
    init(_ salvor: Salvor) throws {
        test = salvor.folder
        folder = test.path + "/points"
        binaries = folder + "/bin"
        // Of several users, so not sticky: each must be able to write what another one has made.
        try salvor.shell(
            """
            umask 0; mkdir -p points/bin points/seen && cd points && touch wanted && echo 20 > seconds
            cat > point <<'END'
            #!/bin/bash
            umask 0
            echo . >> "\(folder)/seen/$1"
            if [ "$(cat "\(folder)/wanted")" = "$1-$(wc -l < "\(folder)/seen/$1")" ]; then
                touch "\(folder)/hit"
                # Bash waits for a program before it looks at a signal, and passes over SIGQUIT.
                trap 'kill -9 0' QUIT
                sleep "$(cat "\(folder)/seconds")" & wait $!
            fi
            END
            real=$(pg_config --bindir)
            ln -s "$real"/* bin/
            for name in initdb postgres pg_restore; do
                rm bin/$name
                cat > bin/$name <<END
            #!/bin/bash
            trap 'kill -9 0' QUIT
            case " \\$* " in *" --version "* | *" -V "*) ;; *) "\(folder)/point" $name & wait \\$! ;; esac
            exec "$real/$name" "\\$@"
            END
            done
            cat > stubborn <<'END'
            #!/bin/bash
            trap '"\(folder)/point" stubborn; exit 0' TERM
            touch "$SALVOR_DRILL_FILES/../stubborn-is-ready"
            while :; do sleep 0.05; done
            END
            cat > slow <<'END'
            #!/bin/bash
            "\(folder)/point" slow
            touch "$SALVOR_DRILL_FILES/../slow-is-ready"
            exec sleep 1000
            END
            cat > look <<'END'
            #!/bin/bash
            "\(folder)/point" "$1"
            test -s "$2/letters/1"
            END
            chmod 755 point stubborn slow look bin/{initdb,postgres,pg_restore}
            """)
    }

    /// The programs that a policy starts at such places.
    var start: String {
        ["slow", "stubborn"].map { name in
            """
            { name: "\(name)", argv: ["\(folder)/\(name)"],
              ready: { command: ["test", "-e", "{staging}/\(name)-is-ready"], within: "60s" } },
            """
        }.joined()
    }

    /// The checks that look at such places: `gate` is gating, `audit` is not.
    var checks: String {
        ["gate", "audit"].map { name in
            """
            { id: "\(name)", type: "command", argv: ["\(folder)/look", "\(name)", "{uploads.path}"],
              expect: { exit: 0 }, gating: \(name == "gate") },
            """
        }.joined()
    }

    /// The program of the point, for `--before-checks`.
    var beforeChecks: String { "\(folder)/point before" }

    /// Makes the next drill wait at a place for so long; nil for nowhere.
    func stop(at place: String?, seconds: Int = 20) throws {
        try test.write("points/wanted", text: place ?? "")
        try test.write("points/seconds", text: String(seconds))
        try FileTree.remove(Array("\(folder)/hit".utf8))
        for name in try Directory(Array("\(folder)/seen".utf8)).names() {
            try FileTree.remove(Array("\(folder)/seen/".utf8) + name)
        }
    }

    /// Whether a drill waits at the place.
    var isHit: Bool { (try? FileStatus(of: Array("\(folder)/hit".utf8), following: false)) != nil }

    /// How often each point was passed: `initdb` 1, `postgres` 2 …
    func passed() throws -> [String: Int] {
        var passed: [String: Int] = [:]
        for name in try Directory(Array("\(folder)/seen".utf8)).names() {
            let lines = try FileTree.read(Array("\(folder)/seen/".utf8) + name, limit: 1 << 20)
            passed[String(decoding: name, as: UTF8.self)] = lines.count { $0 == 0x0a }
        }
        return passed
    }
}
