import Platform
import TestDoubles

/// A repository of real git with nothing in it but a tree of empty files, which git is asked about.
struct GitRepository {
    private let folder: TemporaryFolder
    private let list: [UInt8]

    /// Makes one with a tree: paths, and whether each is a directory.
    init(_ tree: [[[UInt8]]: Bool]) throws {
        folder = try TemporaryFolder("git")
        list = folder.path("list")
        for (path, isDirectory) in tree {
            let place = folder.path("tree") + path.flatMap { [UInt8(ascii: "/")] + $0 }
            if isDirectory { try FileTree.makeDirectories(place) } else { try Self.makeFile(place) }
        }
        try FileTree.makeDirectories(folder.path("tree"))
        _ = try git(["init", "--quiet", "."])
    }

    private static func makeFile(_ path: [UInt8]) throws {
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return }
        try FileTree.makeDirectories(Array(path[..<slash]))
        _ = try FileDescriptor(creating: path)
    }

    /// The number of the line of `list` that decides on each path, nil where none does.
    func verdicts(_ list: [UInt8], on paths: [[[UInt8]]]) throws -> [Int?] {
        try folder.write("list", list)
        let asked = paths.flatMap { Array($0.joined(separator: [UInt8(ascii: "/")])) + [0] }
        let answer = try git(
            ["-c", "core.excludesFile=\(folder.path)/list", "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"],
            input: asked)
        // Four fields a path: the file, the line, the pattern, the path.
        let fields = answer.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        return fields.enumerated().filter { $0.offset % 4 == 1 }.map {
            Int(String(decoding: $0.element, as: UTF8.self))
        }
    }

    /// The files that git leaves out by `list`.
    func excludedFiles(_ list: [UInt8]) throws -> Set<[[UInt8]]> {
        try folder.write("list", list)
        let answer = try git(["ls-files", "-z", "-o", "-i", "--exclude-from=\(folder.path)/list"])
        return Set(answer.split(separator: 0).map { $0.split(separator: UInt8(ascii: "/")).map { Array($0) } })
    }

    private func git(_ words: [String], input: [UInt8] = []) throws -> [UInt8] {
        var environment = Environment.all().filter { !$0.key.hasPrefix("GIT_") }
        environment["GIT_CONFIG_NOSYSTEM"] = "1"
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        let outcome = try ChildProcess.run(
            ["git"] + words, environment: environment, input: input, directory: "\(folder.path)/tree")
        // 1: nothing of what was asked for is ignored.
        guard [0, 1].contains(outcome.ending.code) else {
            throw Failure(
                .failed, "git \(words.joined(separator: " ")): \(outcome.ending.words)", cause: outcome.complaint)
        }
        return outcome.output
    }
}
