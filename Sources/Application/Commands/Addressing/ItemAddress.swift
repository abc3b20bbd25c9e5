import Platform

/// A snapshot, or an item in it: `SNAPSHOT[:NAME[/PATH]]`.
struct ItemAddress: Sendable, Equatable {
    var snapshot: SnapshotAddress
    /// The source's name; nil for the whole snapshot.
    var source: String?
    /// Names from the source's root on; empty for the root itself.
    var path: [[UInt8]]

    /// Reads one; every throw is a usage failure.
    static func parse(_ word: [UInt8]) throws(Failure) -> ItemAddress {
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else {
            let snapshot = try SnapshotAddress.parse(String(decoding: word, as: UTF8.self))
            return ItemAddress(snapshot: snapshot, source: nil, path: [])
        }
        let snapshot = try SnapshotAddress.parse(String(decoding: word[..<colon], as: UTF8.self))
        let item = word[(colon + 1)...]
        let pieces = item.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let name = pieces.first, !item.isEmpty else {
            throw Failure(.usage, "`\(printable(word))` has no source's name behind the colon", hint: form)
        }
        guard SourceName.isValid(name) else {
            throw Failure(
                .usage, "`\(printable(Array(name)))` cannot be a source's name, in `\(printable(word))`", hint: form)
        }
        var path: [[UInt8]] = []
        for piece in pieces.dropFirst() where !piece.isEmpty && !piece.elementsEqual(".".utf8) {
            path.append(try component(piece, of: word))
        }
        return ItemAddress(snapshot: snapshot, source: String(decoding: name, as: UTF8.self), path: path)
    }

    /// The item as it can be written on a command line.
    var text: String {
        guard let source else { return snapshot.text }
        return ([snapshot.text + ":" + source] + path.map { printable($0) }).joined(separator: "/")
    }

    private static let form = "an item is SNAPSHOT:NAME/PATH, such as latest:shop/uploads/logo.png"

    private static func component(_ piece: ArraySlice<UInt8>, of word: [UInt8]) throws(Failure) -> [UInt8] {
        guard let name = EscapedName.bytes(piece) else {
            throw Failure(
                .usage, "`\(printable(Array(piece)))` is no name, in `\(printable(word))`",
                hint: #"a backslash is written \\, any byte \xHH with two hexadecimal digits, but for 00 and 2f"#)
        }
        guard name != Array("..".utf8), name != Array(".".utf8) else {
            throw Failure(
                .usage, "`\(printable(word))` has a component `\(printable(name))`, which no item is named", hint: form)
        }
        return name
    }
}
