import Platform
import TestDoubles
import Testing

@Suite("What the README says is so")
struct ReadmeTests {
    private static let text: String = {
        let bytes = try? FileTree.read(Array("\(Salvor.top)/README.md".utf8), limit: 1 << 20)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }()

    /// The blocks of code between fences of a kind: `sh`, `crontab`.
    private func blocks(_ kind: String) -> [String] {
        Self.text.components(between: "\n```\(kind)\n", and: "\n```")
    }

    @Test("its commands run as they stand, with the places changed to a test's")
    func commands() throws {
        let salvor = try Salvor("readme")
        let server = try ThrowawayPostgres()
        try server.psql("CREATE DATABASE shop")
        try server.psql("CREATE TABLE orders AS SELECT n, n * 2 AS total FROM generate_series(1, 1000) n", "shop")
        let place = salvor.folder.path
        try salvor.shell("mkdir -p srv/shop/uploads etc/salvor backup bin && cp -r /usr/share/perl5 srv/shop/uploads/")
        try salvor.shell("ln -s \(Salvor.binary) bin/salvor")
        try salvor.shell("printf '[shop]\\nhost=\(server.directory.path)\\nuser=postgres\\ndbname=shop\\n' > services")
        let scripts = blocks("sh").filter { $0.contains("salvor ") }
        #expect(scripts.count >= 2, "the README shows salvor at work")
        for script in scripts {
            let here =
                script
                .replacing("/srv/shop", with: "\(place)/srv/shop").replacing("/etc/salvor", with: "\(place)/etc/salvor")
                .replacing("/backup/shop", with: "\(place)/backup/shop").replacing("/mnt/back", with: "\(place)/back")
                .replacing("/var/lib/prometheus/node-exporter", with: place)
                .replacing(
                    "postgres://localhost/shop_back",
                    with: "'postgres:host=\(server.directory.path) user=postgres dbname=shop_back'")
            let outcome = try ChildProcess.run(
                ["bash", "-euc", here],
                environment: salvor.environment([
                    "PATH": "\(place)/bin:\(Environment.value("PATH") ?? "/usr/bin:/bin")",
                    "PGSERVICEFILE": "\(place)/services",
                    "TMPDIR": salvor.staging,
                    "SALVOR_REPOSITORY": "", "SALVOR_PASSWORD": "",
                ]), directory: place)
            #expect(outcome.ending.succeeded, "\(here): \(outcome.ending.words) \(outcome.complaint)")
        }
    }

    @Test("its crontab lines are of the right form, and name verbs and options that there are")
    func crontab() throws {
        let salvor = try Salvor()
        let lines = blocks("crontab").flatMap { $0.split(separator: "\n") }.filter {
            !$0.hasPrefix("#") && $0.contains("salvor ")
        }
        #expect(!lines.isEmpty)
        for line in lines {
            let words = line.split(separator: " ").map { String($0) }
            let place = try #require(words.firstIndex { $0.hasSuffix("salvor") })
            #expect(place == 6, "five times and a user come first: \(line)")
            for field in words.prefix(5) {
                #expect(field.allSatisfy { $0.isNumber || "*/,-".contains($0) }, "\(line)")
            }
            let help = try salvor.succeeds("help", words[place + 1]).output
            for word in words[(place + 2)...].prefix(while: { $0 != "||" && $0 != "&&" }) where word.hasPrefix("--") {
                #expect(help.contains(word), "salvor \(words[place + 1]) has no \(word)")
            }
        }
    }

    @Test("its map names every module, and every path in it is there")
    func map() throws {
        let manifest = try FileTree.read(Array("\(Salvor.top)/Package.swift".utf8), limit: 1 << 20)
        for name in String(decoding: manifest, as: UTF8.self).components(between: "module(\"", and: "\"") {
            #expect(Self.text.contains(name), "the README's map lacks \(name)")
        }
        for word in Self.text.split(whereSeparator: { " \n`()|,;".contains($0) }) {
            let path = word.trimmed(of: ".:")
            guard ["Sources/", "Tests/", "Scripts/", "Policies/"].contains(where: { path.hasPrefix($0) }) else {
                continue
            }
            #expect(throws: Never.self, "the README speaks of \(path)") {
                _ = try FileStatus(of: Array("\(Salvor.top)/\(path)".utf8), following: false)
            }
        }
    }

    @Test("the quickstart ends with a drill's report of recovery")
    func quickstart() throws {
        let folder = try TemporaryFolder("quickstart")
        let outcome = try ChildProcess.run(
            ["\(Salvor.top)/Scripts/quickstart", "--with", Salvor.binary, "--dir", folder.path],
            environment: Environment.withoutSecrets())
        let output = String(decoding: outcome.output, as: UTF8.self)
        #expect(outcome.ending.succeeded, "\(output.suffix(3000)) \(outcome.complaint)")
        for word in ["RECOVERED", "L7", "no difference", folder.path + "/policy.json5", folder.path + "/report.html"] {
            #expect(output.contains(word), "\(word): \(output.suffix(3000))")
        }
        #expect(try Directory(folder.bytes).names().contains(Array("repository".utf8)))
        #expect(try !Directory(folder.bytes).names().contains(Array("pg".utf8)), "the product is gone")
    }
}

extension String {
    /// The pieces between two marks, in order.
    fileprivate func components(between opening: String, and closing: String) -> [String] {
        var rest = self[...]
        var pieces: [String] = []
        while let start = rest.firstRange(of: opening), let end = rest[start.upperBound...].firstRange(of: closing) {
            pieces.append(String(rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.lowerBound...].dropFirst()
        }
        return pieces
    }
}

extension Substring {
    /// Without any of these characters at its end.
    fileprivate func trimmed(of ends: String) -> String {
        var text = self
        while let last = text.last, ends.contains(last) { text.removeLast() }
        return String(text)
    }
}
