import Platform

/// Paths as bytes: taken apart and made absolute by their text alone.
enum FilePath {
    private static let slash = UInt8(ascii: "/")

    /// The path from `/`, without empty and `.` parts. `..` stays: what it means is for the file system to say.
    static func absolute(_ path: [UInt8]) -> [UInt8] {
        let start = path.first == slash ? [] : Environment.workingDirectory()
        let parts = (start + [slash] + path).split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
        return [slash] + parts.joined(separator: [slash])
    }

    /// The last part of an absolute path; `root` for `/`, and for one that ends with `..`, which is no name.
    static func last(_ path: [UInt8]) -> [UInt8] {
        guard let last = path.split(separator: slash).last, !last.elementsEqual("..".utf8) else {
            return Array("root".utf8)
        }
        return Array(last)
    }

    /// Everything above the last part of an absolute path.
    static func parent(_ path: [UInt8]) -> [UInt8] {
        guard let cut = path.lastIndex(of: slash), cut > 0 else { return [slash] }
        return Array(path[..<cut])
    }
}
