import DataSources
import Formats
import Platform

/// The options by which `backup` says what of its paths is saved.
enum SelectionOptions {
    static let exclude = OptionSpecification(
        "--exclude", value: "PATTERN", repeats: true, help: "leave out what the pattern means, as in a .gitignore")
    static let excludeFile = OptionSpecification(
        "--exclude-file", value: "FILE", repeats: true, help: "leave out what the patterns in FILE mean, one a line")
    static let excludeCaches = OptionSpecification(
        flag: "--exclude-caches", help: "of a directory with a CACHEDIR.TAG keep only the tag")
    static let excludeIfPresent = OptionSpecification(
        "--exclude-if-present", value: "NAME", repeats: true,
        help: "of a directory in which there is a NAME keep only that")
    static let excludeLargerThan = OptionSpecification(
        "--exclude-larger-than", value: "SIZE", help: "leave out larger files: 500K, 100M, 2G, …")
    static let oneFileSystem = OptionSpecification(
        flag: "--one-file-system", help: "keep directories empty where another file system is mounted")
    static let filesFrom = OptionSpecification(
        "--files-from", value: "FILE", repeats: true,
        help: "save only the paths in FILE, one a line (- is standard input)")
    static let filesFrom0 = OptionSpecification(
        "--files-from0", value: "FILE", repeats: true, help: "the same, with a NUL behind each path")

    static let all = [
        exclude, excludeFile, excludeCaches, excludeIfPresent, excludeLargerThan, oneFileSystem, filesFrom, filesFrom0,
    ]

    /// A list of patterns that a person wrote is smaller.
    private static let excludeFileBytesMax = 16 << 20
    private static let standardInput = Array("-".utf8)

    /// Whether a list of paths is read from standard input.
    static func readStandardInput(_ arguments: ParsedArguments) -> Bool {
        [filesFrom, filesFrom0].contains { arguments.values($0).contains(standardInput) }
    }

    /// What the options say, for all paths among the sources. Lists are read here, to their ends.
    static func selection(_ context: CommandContext, for sources: [SourceAddress]) throws -> FileSelection {
        let arguments = context.arguments
        guard let given = all.first(where: arguments.isOn) else { return FileSelection() }
        let roots = sources.compactMap { source in
            if case .path(let path) = source.location { path } else { nil }
        }
        guard !roots.isEmpty else {
            throw Failure(.usage, "\(given.name) is for sources that are paths, and there is none")
        }
        let patterns = try patterns(context)
        for pattern in patterns { try demandRelative(pattern, roots) }
        var selection = FileSelection(excluding: patterns)
        selection.excludesCaches = arguments.isOn(excludeCaches)
        selection.staysOnFileSystem = arguments.isOn(oneFileSystem)
        selection.markers = try arguments.values(excludeIfPresent).map(marker)
        if let text = try arguments.text(excludeLargerThan) {
            guard let bytes = Quantity.bytes(written: text) else {
                throw Failure(
                    .usage, "\(excludeLargerThan.name) cannot be `\(text)`",
                    hint: "a size is a number with K, M, G or T behind it, powers of 1024: 100M")
            }
            selection.largestFileBytes = bytes
        }
        selection.list = try list(context, roots)
        return selection
    }

    private static func marker(_ name: [UInt8]) throws(Failure) -> [UInt8] {
        guard !name.contains(UInt8(ascii: "/")), name != Array(".".utf8), name != Array("..".utf8) else {
            throw Failure(.usage, "\(excludeIfPresent.name) takes the name of a file, and `\(printable(name))` is none")
        }
        return name
    }

    // MARK: Patterns

    /// The patterns of the files in their order, then those of the command line, which so have the last word.
    private static func patterns(_ context: CommandContext) throws -> [FileSelection.Pattern] {
        var patterns: [FileSelection.Pattern] = []
        for file in context.arguments.values(excludeFile) {
            let path = try context.absolute(file)
            let text: [UInt8]
            do { text = try FileTree.read(path, limit: excludeFileBytesMax) } catch {
                throw Failure(error).within("the patterns in \(printable(path)) cannot be read")
            }
            do throws(PatternProblem) {
                for (line, pattern) in try PathPatterns.numbered(list: text) {
                    patterns.append(FileSelection.Pattern(pattern, origin: "\(printable(path)):\(line)"))
                }
            } catch {
                throw refusal(error, of: "\(printable(path)):\(error.line ?? 0)")
            }
        }
        for text in context.arguments.values(exclude) {
            do throws(PatternProblem) {
                patterns.append(FileSelection.Pattern(try PathPattern(text), origin: exclude.name))
            } catch {
                throw refusal(error, of: "\(exclude.name) \(printable(text))")
            }
        }
        return patterns
    }

    private static func refusal(_ problem: PatternProblem, of place: String) -> Failure {
        Failure(.usage, "\(place): the pattern cannot be used", hint: problem.hint, cause: problem.sentence)
    }

    /// A pattern with a slash in front begins at the source's root. Who writes the root's own place there means
    /// something else, and would find out on the day when what was to be left out is in the way.
    private static func demandRelative(_ pattern: FileSelection.Pattern, _ roots: [[UInt8]]) throws(Failure) {
        guard pattern.pattern.beginsWithSlash else { return }
        let start = pattern.pattern.literalStart
        for root in roots {
            let names = root.split(separator: UInt8(ascii: "/")).map { Array($0) }
            guard !names.isEmpty, start.starts(with: names) else { continue }
            let text = pattern.pattern.text.drop { $0 == UInt8(ascii: "!") }
            let rest = text.starts(with: root) ? text.dropFirst(root.count) : []
            throw Failure(
                .usage,
                "\(pattern.origin): the pattern \(printable(pattern.pattern.text)) begins with the place of the source "
                    + "\(printable(root)), and would leave out nothing",
                hint: "a pattern begins at the source's root"
                    + (rest.count > 1 ? ": write \(pattern.pattern.isNegated ? "!" : "")\(printable(Array(rest)))" : "")
            )
        }
    }

    // MARK: Lists

    private static func list(_ context: CommandContext, _ roots: [[UInt8]]) throws -> NamedPaths? {
        var lists: [PathList] = []
        for option in [filesFrom, filesFrom0] {
            for file in context.arguments.values(option) {
                lists.append(try pathList(file, endsWithNUL: option == filesFrom0, context))
            }
        }
        guard !lists.isEmpty else { return nil }
        guard roots.count == 1 else {
            throw Failure(
                .usage, "a list of files is for one source, and \(roots.count) of the sources are paths",
                hint: "run one backup for each list")
        }
        return try NamedPaths(lists, root: roots[0], cancellation: context.cancellation)
    }

    private static func pathList(
        _ file: [UInt8], endsWithNUL: Bool, _ context: CommandContext
    ) throws -> PathList {
        guard file != standardInput else {
            return PathList(name: "standard input", endsWithNUL: endsWithNUL, input: context.console.input)
        }
        let path = try context.absolute(file)
        do {
            return PathList(name: printable(path), endsWithNUL: endsWithNUL, input: try FileInput(path))
        } catch {
            throw Failure(error).within("the list of files \(printable(path)) cannot be read")
        }
    }
}
