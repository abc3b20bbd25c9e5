import DataSources
import Platform

/// A SOURCE of the command line: `[NAME=]LOCATION`.
struct SourceAddress: Sendable, Equatable {
    /// Where the source is.
    enum Location: Sendable, Equatable {
        /// An absolute path.
        case path([UInt8])
        /// `postgres://HOST/DB…`, or `postgres:` and libpq keywords, as it was given; holds no password.
        case postgres(String)
        /// What the process reads, or a command in its place.
        case standardInput
    }

    /// The name in the snapshot.
    var name: String
    var location: Location

    /// The location as it is shown and stored.
    var locationText: String {
        switch location {
        case .path(let path): printable(path)
        case .postgres(let text): text
        case .standardInput: "-"
        }
    }

    /// Reads one SOURCE; relative paths begin at `workingDirectory`. Every throw is a usage failure, but for a path
    /// with `..` that cannot be followed.
    static func parse(_ word: [UInt8], workingDirectory: [UInt8]) throws(Failure) -> SourceAddress {
        var name: String?
        var location = word[...]
        if let equals = word.firstIndex(of: UInt8(ascii: "=")) {
            let front = word[..<equals]
            if SourceName.isValid(front) {
                name = String(decoding: front, as: UTF8.self)
                location = word[(equals + 1)...]
            } else if !front.contains(UInt8(ascii: "/")), !front.contains(UInt8(ascii: ":")) {
                throw Failure(
                    .usage, "`\(printable(Array(front)))` cannot name a source",
                    hint: "a name has 1 to 63 of a-z 0-9 . _ - and begins with a letter or digit; "
                        + "a relative path with `=` in it is written ./\(printable(word))")
            }
        }
        guard !location.isEmpty else {
            throw Failure(.usage, "the source `\(printable(word))` has no location behind `=`")
        }
        guard location != [UInt8(ascii: "-")] else {
            return SourceAddress(name: name ?? StandardInputAdapter.name, location: .standardInput)
        }
        return try at(Array(location), name: name, workingDirectory: workingDirectory)
    }

    /// Reads all SOURCE operands; two equal names are a usage failure, and so is standard input twice.
    static func parse(_ words: [[UInt8]], workingDirectory: [UInt8]) throws(Failure) -> [SourceAddress] {
        var sources: [SourceAddress] = []
        for word in words {
            let source = try parse(word, workingDirectory: workingDirectory)
            guard source.location != .standardInput || !sources.contains(where: { $0.location == .standardInput })
            else {
                throw Failure(.usage, "standard input can be read once, and two sources are `-`")
            }
            if let other = sources.first(where: { $0.name == source.name }) {
                let free = (2...).lazy.map { "\(source.name.prefix(58))-\($0)" }.first { name in
                    !sources.contains { $0.name == name }
                }
                throw Failure(
                    .usage, "two sources are named `\(source.name)`: \(other.locationText) and \(source.locationText)",
                    hint: "name one of them yourself: \(free ?? "NAME")=\(source.locationText)")
            }
            sources.append(source)
        }
        return sources
    }

    private static func at(
        _ location: [UInt8], name: String?, workingDirectory: [UInt8]
    ) throws(Failure) -> SourceAddress {
        if location.starts(with: "postgres:".utf8) || location.starts(with: "postgresql:".utf8) {
            guard let text = String(validating: location, as: UTF8.self) else {
                throw Failure(.usage, "the database's address \(printable(location)) is not UTF-8 text")
            }
            if let name { return SourceAddress(name: name, location: .postgres(text)) }
            return SourceAddress(name: try PostgresAddress.sourceName(text), location: .postgres(text))
        }
        if let scheme = scheme(of: location) {
            throw Failure(
                .usage, "\(printable(location)): \(scheme) is no kind of source that this version knows",
                hint: "a source is a path, or postgres://HOST/DATABASE")
        }
        let path = try AbsolutePath.of(location, workingDirectory: workingDirectory)
        if let name { return SourceAddress(name: name, location: .path(path)) }
        guard path != [UInt8(ascii: "/")] else { return SourceAddress(name: "root", location: .path(path)) }
        let last = path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]
        guard let derived = SourceName.derived(from: last) else {
            throw Failure(
                .usage, "no name for the source can be made of \(printable(path))",
                hint: "name it yourself: NAME=\(printable(path))")
        }
        return SourceAddress(name: derived, location: .path(path))
    }

    /// The scheme of `scheme://…`, nil for a path.
    private static func scheme(of location: [UInt8]) -> String? {
        let letters = location.prefix { (0x61...0x7a).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2b }
        guard !letters.isEmpty, location[letters.endIndex...].starts(with: "://".utf8) else { return nil }
        return String(decoding: letters, as: UTF8.self)
    }
}
