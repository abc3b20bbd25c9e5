import Formats
import Platform

/// The policies in the folder `invalid`: each begins with what is wrong with it, `//! LINE:COLUMN WORDS`, in order.
enum InvalidPolicies {
    /// One mistake as the file expects it.
    struct Expectation: Equatable {
        var place: JSON5Place
        var words: String
    }

    private static var folder: String {
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/invalid"
    }

    /// The names of all, in order.
    static let names: [String] = {
        guard let directory = try? Directory(Array(folder.utf8)), let list = try? directory.names() else {
            return []
        }
        return list.map { String(decoding: $0, as: UTF8.self) }.filter { $0.hasSuffix(".json5") }.sorted()
    }()

    /// The bytes of one.
    static func bytes(_ name: String) throws -> [UInt8] {
        try FileTree.read(Array("\(folder)/\(name)".utf8), limit: 1 << 20)
    }

    /// What one expects.
    static func expectations(_ bytes: [UInt8]) -> [Expectation] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("//! ") }.compactMap {
            line in
            let words = line.dropFirst(4).split(separator: " ", maxSplits: 1)
            let place = words[0].split(separator: ":").compactMap { Int($0) }
            guard words.count == 2, place.count == 2 else { return nil }
            return Expectation(place: JSON5Place(line: place[0], column: place[1]), words: String(words[1]))
        }
    }
}
