import Formats
import Platform
import TestDoubles
import Testing

@Suite("A tree that does not stand still")
struct MovingTreeTests {
    @Test(
        "while four processes rewrite, truncate, rename and delete, each file saved is one that there was, or is named")
    func rewritten() throws {
        let salvor = try Salvor.withRepository("moving")
        // The promise is for a minute; every run of the tests looks at a quarter of one.
        let seconds = Environment.value("MOVING_SECONDS").flatMap { Int($0) } ?? 15
        try salvor.shell(
            "mkdir -p data/sub logs && for n in $(seq 20); do head -c 3000 /dev/urandom > data/still-$n; done")
        let writer = "\(Salvor.top)/Tests/EndToEndTests/faults/rewriter.py"
        try salvor.shell(
            """
            for seed in 1 2 3 4; do
                folder=data; [ $seed -lt 3 ] || folder=data/sub
                setsid python3 \(writer) $folder logs/$seed \(seconds) $seed > logs/error-$seed 2>&1 < /dev/null &
            done
            """)
        var nights = 0
        let begun = SystemClock().monotonicSeconds()
        while SystemClock().monotonicSeconds() - begun < Double(seconds) {
            let backup = try salvor.run(["backup", "--json", "\(salvor.folder.path)/data"])
            #expect([0, 3].contains(backup.exit) && backup.signal == 0, "\(backup.said)")
            let findings = try backup.json()["sources"]?.elements?.first?["findings"]?.elements ?? []
            let named = findings.compactMap { $0["object"]?.text }
            try salvor.shell("printf '%s\\n' \(named.map { "'\($0)'" }.joined(separator: " ")) > logs/named-\(nights)")
            nights += 1
        }
        // What was written in the last moment is noted when the writers have ended.
        let errors = try salvor.shell(
            "while pgrep -f '[r]ewriter.py data' > /dev/null && sleep 0.1; do :; done; cat logs/error-*"
        )
        #expect(errors == "")
        #expect(nights >= 3)
        let wrong = try salvor.shell(
            """
            for n in $(seq 0 \(nights - 1)); do
                \(Salvor.binary) ls --json latest~$(( \(nights) - 1 - n )):data > logs/list-$n
            done
            python3 - <<'PYTHON'
            import glob, json
            states = {line.strip() for path in glob.glob("logs/[0-9]") for line in open(path)}
            seen = 0
            for path in sorted(glob.glob("logs/list-*")):
                named = {line.strip() for line in open(path.replace("list", "named"))}
                for line in open(path):
                    entry = json.loads(line)
                    if entry["type"] != "entry" or entry["kind"] != "file" or "/still-" in entry["path"]:
                        continue
                    seen += 1
                    if entry["sha256"] not in states and entry["path"].removeprefix("data/") not in named:
                        print(path, entry["path"], entry["size"])
            assert seen > 20, seen
            PYTHON
            """)
        #expect(wrong == "", "files that never were so, and are not named: \(wrong)")
        try salvor.succeeds("check", "--read-data")
    }
}
