import Platform

/// The paths that lists name in a source, in the order of a walk over it.
///
/// They lie in memory as they are, with six bytes more each: a million of them is what a list of a million lines takes.
package final class NamedPaths: Sendable {
    /// The lists that they come from.
    package let lists: [String]
    /// How many paths there are; equal ones count once.
    package var count: Int { strings.count + (namesRoot ? 1 : 0) }
    /// Whether the root itself is named, and so everything in it.
    let namesRoot: Bool
    /// The paths from the root on, a NUL between two names: less than any byte of a name, so that what is in a
    /// directory comes right behind it.
    let strings: ByteStrings

    /// Longer than the path of anything that can be opened by its path.
    static let lineBytesMax = 64_000

    /// Reads the lists to their ends. Paths are relative to `root`, which is absolute, or absolute and below it; one
    /// that lies elsewhere is a usage failure. `cancellation` may end the reading.
    package init(_ lists: [PathList], root: [UInt8], cancellation: any Cancellation = NeverCancelled()) throws {
        self.lists = lists.map { $0.name }
        let strings = ByteStrings()
        var roots = [FilePath.absolute(root)]
        // Where a symlink leads to the source, a list may well tell where that is.
        if let resolved = try? FileTree.resolve(root), resolved != roots[0] { roots.append(resolved) }
        let tops = roots.map { Self.joined($0[...]) }
        var namesRoot = false
        for list in lists {
            try list.forEach(idle: { try cancellation.check() }) { number, path in
                guard !path.isEmpty else { return }
                let place = "\(list.name):\(number)"
                guard let names = try Self.relative(path, list, below: tops, place) else {
                    throw Failure(
                        .usage, "\(place): the path \(printable(path)) lies outside the source \(printable(root))",
                        hint: "a list names paths from the source's root on, or absolute ones in it")
                }
                if names.isEmpty { namesRoot = true } else { try strings.append(names) }
            }
        }
        strings.sort()
        self.strings = strings
        self.namesRoot = namesRoot
    }

    /// All of them.
    var all: NamedGroup { NamedGroup(self, 0..<strings.count, prefix: 0) }

    /// The path's names from the root on; nil when it lies elsewhere.
    private static func relative(
        _ path: [UInt8], _ list: PathList, below tops: [[UInt8]?], _ place: String
    ) throws(Failure) -> [UInt8]? {
        guard list.endsWithNUL || !path.contains(0) else {
            throw Failure(
                .usage, "\(place): the path holds a NUL",
                hint: "a list whose paths end with NUL is given by --files-from0")
        }
        guard let names = joined(path[...]) else {
            if path.elementsEqual("..".utf8) || path.starts(with: "../".utf8) { return nil }
            throw Failure(
                .usage, "\(place): the path \(printable(path)) has a component `..`",
                hint: "a list names paths as they are in the tree")
        }
        guard path[0] == UInt8(ascii: "/") else { return names }
        for case let top? in tops {
            if top.isEmpty || names == top { return Array(names.dropFirst(top.count)) }
            if names.starts(with: top + [0]) { return Array(names.dropFirst(top.count + 1)) }
        }
        return nil
    }

    /// The names of a path with NUL between them, without empty ones and `.`; nil when there is a `..`.
    private static func joined(_ path: ArraySlice<UInt8>) -> [UInt8]? {
        var joined: [UInt8] = []
        joined.reserveCapacity(path.count)
        var start = path.startIndex
        while start < path.endIndex {
            let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
            let name = path[start..<end]
            start = end + 1
            if name.isEmpty || name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) { return nil }
            if !joined.isEmpty { joined.append(0) }
            joined += name
        }
        return joined
    }
}
