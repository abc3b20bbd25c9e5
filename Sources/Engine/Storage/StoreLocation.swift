import Platform

/// Where a store is, as `-r` or `SALVOR_REPOSITORY` says it. It never holds a password.
package struct StoreLocation: Sendable, Equatable, CustomStringConvertible {
    /// The kind of store: `file` for a folder.
    package let scheme: String
    /// The folder's path, for `file`: any bytes but NUL, relative to the working directory unless it begins with `/`.
    package let path: [UInt8]

    /// Reads a path, or a URL. `word:` at the beginning is a kind of store; a folder of that name is `./word:`.
    package init(_ text: String) throws(Failure) {
        let refusal = Failure(
            .usage, "the repository's location is empty", hint: "give -r PATH, or set SALVOR_REPOSITORY")
        guard !text.isEmpty, !text.utf8.contains(0) else { throw refusal }
        guard let scheme = Self.scheme(of: text) else {
            self.scheme = "file"
            path = Array(text.utf8)
            return
        }
        self.scheme = scheme
        guard scheme == "file" else {
            // What follows may hold a password: it is neither kept nor shown.
            path = []
            return
        }
        guard let path = Self.filePath(Array(text.utf8.dropFirst(5))) else {
            throw Failure(
                .usage, "\(text) is not the URL of a folder on this machine",
                hint: "write file:///srv/backups/shop, or the path alone")
        }
        self.path = path
    }

    /// A folder of this machine.
    package init(folder path: [UInt8]) {
        scheme = "file"
        self.path = path
    }

    package var description: String { scheme == "file" ? printable(path) : scheme + ":" }

    /// Letters, then letters, digits, `+`, `-`, `.`, then a colon before any slash; at least two.
    private static func scheme(of text: String) -> String? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let word = text[..<colon].lowercased()
        let fits = word.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e].contains($0)
        }
        guard fits, word.utf8.count >= 2, let first = word.utf8.first, (0x61...0x7a).contains(first) else { return nil }
        return word
    }

    /// The path of `//[localhost]/path` with its `%HH` undone; nil when it is malformed or on another machine.
    private static func filePath(_ rest: [UInt8]) -> [UInt8]? {
        var encoded = rest[...]
        for prefix in ["//localhost/", "///"] where encoded.starts(with: prefix.utf8) {
            encoded = encoded.dropFirst(prefix.utf8.count - 1)
            break
        }
        guard encoded.first == UInt8(ascii: "/"), !encoded.starts(with: "//".utf8) else { return nil }
        var path: [UInt8] = []
        while let byte = encoded.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                path.append(byte)
                continue
            }
            let digits = String(decoding: encoded.prefix(2), as: UTF8.self)
            guard encoded.count >= 2, !digits.hasPrefix("+"), let value = UInt8(digits, radix: 16), value != 0 else {
                return nil
            }
            path.append(value)
            encoded = encoded.dropFirst(2)
        }
        return path
    }
}
