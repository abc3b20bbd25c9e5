import Glibc
import Platform

/// One text file of the repository, as the tidy tests read it.
struct SourceFile: Sendable {
    /// From the top of the repository: `Sources/Base/Platform/Failure.swift`.
    let path: String
    /// Without line ends.
    let lines: [String]

    var name: String { String(path.split(separator: "/").last ?? "") }
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    /// The name without what follows its first dot or plus.
    var base: String { String(name.prefix { $0 != "." && $0 != "+" }) }
    var text: String { lines.joined(separator: "\n") }
    var isSwift: Bool { name.hasSuffix(".swift") }

    /// `Platform` for a file below Sources/Base/Platform or Tests/Platform.
    var module: String? {
        let parts = path.split(separator: "/")
        if parts.first == "Sources", parts.count > 3 { return String(parts[2]) }
        if parts.first == "Tests", parts.count > 2 { return String(parts[1]) }
        return nil
    }

    /// `Engine` for a file below Sources/Engine.
    var layer: String? {
        let parts = path.split(separator: "/")
        return parts.first == "Sources" && parts.count > 3 ? String(parts[1]) : nil
    }

    /// The modules that a Swift file imports.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"),
                words.prefix(place).allSatisfy({ $0.hasPrefix("@") || $0 == "internal" || $0 == "package" })
            else { return nil }
            return words.last.map { String($0.prefix { $0 != "." }) }
        }
    }
}

/// The repository that these tests lie in.
enum Repository {
    /// Its top folder.
    static let top: String = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    /// All text files below Sources, Tests, Scripts, Policies and .ci, and those at the top.
    static let files: [SourceFile] = {
        var files: [SourceFile] = []
        do {
            let root = try Directory(Array(top.utf8))
            for folder in ["Sources", "Tests", "Scripts", "Policies", ".ci"] { try collect(folder, in: root, &files) }
            for name in ["Package.swift", "README.md"] { if let file = read(name) { files.append(file) } }
        } catch { preconditionFailure("cannot read the repository at \(top): \(error)") }
        return files
    }()

    /// The Swift files of the product.
    static var sources: [SourceFile] { files.filter { $0.isSwift && $0.path.hasPrefix("Sources/") } }
    /// The Swift files of the product and of its tests.
    static var swift: [SourceFile] { files.filter(\.isSwift) }
    /// The file at a path, nil when there is none.
    static func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

    /// The names in a folder, empty when there is none.
    static func names(in folder: String) -> [String] {
        let names = try? Directory(Array("\(top)/\(folder)".utf8)).names()
        return (names ?? []).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func collect(_ folder: String, in root: Directory, _ files: inout [SourceFile]) throws {
        for name in names(in: folder) where !name.hasPrefix(".") && name != "__pycache__" {
            let path = "\(folder)/\(name)"
            let status = try FileStatus(of: Array("\(top)/\(path)".utf8), following: false)
            if status.isDirectory {
                try collect(path, in: root, &files)
            } else if let file = read(path) {
                files.append(file)
            }
        }
    }

    /// Nil for what is no UTF-8 text.
    private static func read(_ path: String) -> SourceFile? {
        guard let bytes = try? FileTree.read(Array("\(top)/\(path)".utf8), limit: 1 << 20),
            let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0)
        else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        if lines.last == "" { lines.removeLast() }
        return SourceFile(path: path, lines: lines)
    }
}
