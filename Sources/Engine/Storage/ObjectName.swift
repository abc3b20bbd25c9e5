import Formats

/// The name of an object: folders and a last part of `[a-z0-9.]`, joined by `/`; never `..`, never absolute.
package struct ObjectName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The whole name: `packs/3f/3fa9…`.
    package let text: String

    /// Takes a name; nil when it is not of the form.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let fits = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".."
                && part.utf8.allSatisfy {
                    (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d
                }
        }
        guard fits || text == "RECOVER.txt" else { return nil }
        self.text = text
    }

    /// A name that the program itself spells; traps when it is not of the form.
    package init(known text: String) {
        guard let name = ObjectName(text) else { preconditionFailure("no object can be named \(text)") }
        self = name
    }

    /// The name of an object in a folder, named by bytes in hexadecimal.
    package init(_ folder: String, _ identifier: [UInt8]) {
        self.text = "\(folder)/\(Hexadecimal.string(identifier))"
    }

    /// The name of a pack: `packs/<aa>/<id>`.
    package init(pack identifier: [UInt8]) {
        let digits = Hexadecimal.string(identifier)
        self.text = "packs/\(digits.prefix(2))/\(digits)"
    }

    /// The last part.
    package var last: String {
        String(text[(text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex)...])
    }
    /// What stands before the last slash (empty without one), and the last part.
    package var parts: (folder: String, last: String) {
        guard let slash = text.lastIndex(of: "/") else { return ("", text) }
        return (String(text[..<slash]), String(text[text.index(after: slash)...]))
    }
    /// The bytes that the last part spells in hexadecimal, nil when it does not.
    package var identifier: [UInt8]? { Hexadecimal.bytes(last) }

    package var description: String { text }
    package static func < (left: ObjectName, right: ObjectName) -> Bool { left.text < right.text }
}
