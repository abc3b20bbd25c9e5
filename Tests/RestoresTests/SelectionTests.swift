import Backups
import DataSources
import Entries
import Formats
import Glibc
import Platform
import Repositories
import Restores
import Storage
import TestDoubles
import TestRepositories
import Testing

@Suite("What a restore chooses and removes")
struct SelectionTests {
    private static func fill(_ folder: TemporaryFolder) throws {
        for path in [
            "app.log", "etc/app.conf", "etc/app.log", "etc/deep/x.conf", "img/1.png", "img/2.png", "img/raw/1.png",
            "cache/a", "cache/b/c",
        ] { try folder.write("in/\(path)", text: path) }
        try FileTree.makeDirectories(folder.path("in/empty"))
    }

    private func selection(_ includes: [String] = [], not excludes: [String] = []) throws -> RestoreSelection {
        RestoreSelection(
            includes: PathPatterns(try includes.map { try PathPattern(Array($0.utf8)) }),
            excludes: PathPatterns(try excludes.map { try PathPattern(Array($0.utf8)) }))
    }

    /// Everything below a folder: files by their path, directories with a slash behind it.
    private func tree(_ saved: Saved, _ name: String = "out") throws -> [String] {
        var found: [String] = []
        func gather(_ directory: Directory, _ prefix: String) throws {
            for name in try directory.names() {
                let path = prefix + printable(name)
                let isDirectory = try directory.status(of: name).isDirectory
                found.append(isDirectory ? path + "/" : path)
                if isDirectory { try gather(Directory(name, in: directory), path + "/") }
            }
        }
        try gather(Directory(saved.folder.path(name)), "")
        return found
    }

    @Test("only what is included is restored, and no directory that holds nothing of it")
    func includes() throws {
        let saved = try Saved(Self.fill)
        let chosen = try selection(["*.conf", "/img/raw/", "/nothing"])
        let outcome = try saved.restore { $0.selection = chosen }
        #expect(
            try tree(saved) == [
                "web/", "web/etc/", "web/etc/app.conf", "web/etc/deep/", "web/etc/deep/x.conf", "web/img/",
                "web/img/raw/", "web/img/raw/1.png",
            ])
        #expect(outcome.files == 3 && outcome.missing == [])
        let facts = try FolderFacts(saved.folder.path("in")).items
        let made = try FolderFacts(saved.folder.path("out/web")).items
        for (path, line) in made where path != "." { #expect(facts[path] == line) }
    }

    @Test("what is excluded stays away, with everything in it, and beats what is included")
    func excludes() throws {
        let saved = try Saved(Self.fill)
        let chosen = try selection(["/etc", "/img"], not: ["*.log", "raw/", "1.png"])
        try saved.restore { $0.selection = chosen }
        #expect(
            try tree(saved) == [
                "web/", "web/etc/", "web/etc/app.conf", "web/etc/deep/", "web/etc/deep/x.conf", "web/img/",
                "web/img/2.png",
            ])
        let other = try selection(not: ["/*/", "*.log"])
        try saved.restore(to: "other") { $0.selection = other }
        #expect(try tree(saved, "other") == ["web/"])
    }

    @Test("patterns begin at the restored item")
    func itemPatterns() throws {
        let saved = try Saved(Self.fill)
        let chosen = try selection(["/1.png"])
        try saved.restore(item: "img") { $0.selection = chosen }
        #expect(try tree(saved) == ["1.png"])
    }

    @Test("--delete removes what the snapshot does not have, deep trees and links themselves, and nothing beside it")
    func deletes() throws {
        let saved = try Saved(Self.fill)
        try saved.restore()
        try saved.folder.write("outside/kept", text: "kept")
        try saved.folder.write("out/beside", text: "not the snapshot's")
        for path in ["aaa", "etc/zzz", "new/deep/er/file", "img/raw/0", "empty/x"] {
            try saved.folder.write("out/web/\(path)", text: "extra")
        }
        let web = try Directory(saved.folder.path("out/web"))
        try web.makeSymlink(Array("link".utf8), to: saved.folder.path("outside"))
        let kept = try saved.restore(.ifChanged)
        #expect(kept.removed == 0)
        let outcome = try saved.restore(.ifChanged) { $0.deletes = true }
        #expect(outcome.removed == 6 && outcome.missing == [])
        #expect(try tree(saved, "out/web") == tree(saved, "in"))
        #expect(try tree(saved, "outside") == ["kept"])
        #expect(try saved.files("out")["beside"] != nil, "what lies beside the sources is nobody's business")
    }

    @Test("--delete leaves what is excluded, and whatever lies in directories that are only on the way")
    func deletesLess() throws {
        let saved = try Saved(Self.fill)
        for path in ["etc/own.log", "etc/own.txt", "cache/own", "img/own", "own"] {
            try saved.folder.write("out/\(path)", text: "own")
        }
        let less = try selection(not: ["*.log", "/cache/"])
        var survey = try saved.survey(item: "", .ifChanged) {
            $0.selection = less
            $0.deletes = true
        }
        #expect(survey.counts.extra == 3 && survey.namedExtra == ["etc/own.txt", "img/own", "own"])
        let outcome = try saved.restore(item: "", .ifChanged) {
            $0.selection = less
            $0.deletes = true
        }
        #expect(outcome.removed == 3)
        #expect(try saved.files("out").keys.filter { $0.hasSuffix("own") || $0.hasSuffix("own.log") }.count == 2)
        let more = try selection(["/img/raw/"])
        try saved.folder.write("out/img/own", text: "own")
        try saved.folder.write("out/img/raw/own", text: "own")
        survey = try saved.survey(item: "", .ifChanged) {
            $0.selection = more
            $0.deletes = true
        }
        #expect(survey.namedExtra == ["img/raw/own"])
        let last = try saved.restore(item: "", .ifChanged) {
            $0.selection = more
            $0.deletes = true
        }
        #expect(last.removed == 1)
        #expect(try saved.files("out")["img/own"] != nil && saved.files("out")["etc/own.log"] != nil)
    }

    @Test("--delete leaves a directory in which something is excluded or protected, and says so")
    func deletesNoneOfThese() throws {
        let saved = try Saved(Self.fill)
        for path in ["extra/logs/a.log", "extra/x", "more/x", "repository/packs/x", "above/deep/repository/x"] {
            try saved.folder.write("out/\(path)", text: "own")
        }
        let chosen = try selection(not: ["*.log"])
        let protected = Set(
            try ["repository", "above/deep/repository"].map {
                FileIdentity(try FileStatus(of: saved.folder.path("out/\($0)"), following: false))
            })
        let outcome = try saved.restore(item: "", .ifChanged) {
            $0.selection = chosen
            $0.deletes = true
            $0.protected = protected
        }
        #expect(outcome.removed == 1, "only `more` goes")
        #expect(try tree(saved).contains("extra/logs/a.log") && tree(saved).contains("above/deep/repository/x"))
        let told = outcome.fidelity.filter { $0.sentence.hasPrefix("is not removed") }.map(\.object)
        #expect(told.contains("extra") && told.contains("above"), "\(outcome.fidelity)")
    }

    @Test("an included pattern that matches nothing is missing, an excluded one is worth a word")
    func unused() throws {
        let saved = try Saved(Self.fill)
        let chosen = try selection(["/etc/", "/nosuch/"], not: ["*.tmp"])
        let outcome = try saved.restore { $0.selection = chosen }
        #expect(
            outcome.fidelity.map { "\($0.weight) \($0.object)" }.sorted() == ["missing /nosuch/", "notice *.tmp"])
    }

    @Test("--delete removes nothing from a directory whose list is damaged")
    func deletesNothingUnknown() throws {
        let store = MemoryStore()
        let saved = try Saved(store: store) { folder in
            let long = String(repeating: "x", count: 240)
            for number in 0..<8000 { try folder.write("in/many/\(long)\(number)", []) }
            try folder.write("in/other/a", text: "a")
        }
        try saved.restore()
        let before = try tree(saved)
        let index = try saved.made.repository.loadIndex()
        let reader = ChunkReader(saved.made.repository, index: index)
        let web = try #require(try TreeCursor(saved.newest(saved.made.repository).root, reader: reader).next())
        let many = try #require(
            try TreeCursor(web.content ?? .empty, reader: reader).advance(to: Array("many".utf8))?.content)
        let page = try #require(index.place(of: many.items[0].id))
        let frame = index.frame(page.frame)
        // The directories above lie in the last frame, and stay whole.
        try #require(index.place(of: many.items[many.items.count - 1].id)?.frame != page.frame)
        store.damage(index.pack(frame.pack).name) { $0[Int(frame.offset) + 20] ^= 1 }
        let outcome = try saved.restore(.ifChanged, repository: TestRepository.open(store)) { $0.deletes = true }
        #expect(outcome.isDamaged && outcome.removed == 0)
        #expect(try tree(saved) == before)
    }

    @Test("a dry run counts what is right, what differs and what is extra, and changes nothing")
    func survey() throws {
        let saved = try Saved(Self.fill)
        #expect(try saved.survey(item: "", .never).counts.right == 0)
        try saved.restore(item: "")
        try saved.folder.write("out/etc/app.conf", text: "etc/app.CONF")
        try FileTree.remove(saved.folder.path("out/img/1.png"))
        try FileTree.remove(saved.folder.path("out/cache"))
        try saved.folder.write("out/cache", text: "a file where a directory was")
        let before = try FolderFacts(saved.folder.path("out"))
        let survey = try saved.survey(item: "", .ifChanged)
        #expect(survey.counts.files == 9 && survey.counts.right == 5 && survey.counts.different == 2)
        #expect(survey.named == ["cache", "etc/app.conf"])
        #expect(throws: Failure.self) { try survey.demandNothingInTheWay() }
        #expect(try FolderFacts(saved.folder.path("out")) == before)
    }
}

extension Saved {
    /// Looks what a restore would find.
    fileprivate func survey(
        item path: String, _ overwrite: OverwriteRule, change: (inout RestorePlan) -> Void = { _ in }
    ) throws -> TargetSurvey {
        let index = try made.repository.loadIndex()
        var plan = try RestorePlan.item(
            try newest(made.repository), source: "web", path: path.split(separator: "/").map { Array($0.utf8) },
            repository: made.repository, index: index, target: folder.path("out"), overwrite: overwrite,
            numericOwner: true)
        change(&plan)
        let survey = try TargetSurvey(
            plan, repository: made.repository, index: index, cancellation: NeverCancelled())
        try survey.run()
        return survey
    }
}
