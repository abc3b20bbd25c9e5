import Platform

/// The restored files of a source, looked up by paths that somebody else wrote: no path leads out of them, not by `..`,
/// not by a symlink, not by being absolute. What leads out is not there.
struct RestoredPaths {
    private let root: Directory
    /// The path that the source's root had in production: values may begin with it.
    private let location: String

    init(root: [UInt8], location: String) throws(Failure) {
        self.root = try Directory(root)
        self.location = location
    }

    /// Whether a value of the database means something that came back.
    func holds(_ value: String) throws(Failure) -> Bool {
        guard let path = path(of: value) else { return false }
        return try present { () throws(Failure) in _ = try FileDescriptor(referenceInside: path, in: root) } != nil
    }

    /// Puts the regular file that a value means aside, into `place`; answers how to put it back, nil when the value
    /// means none that came back as itself.
    func remove(_ value: String, into place: Directory, as aside: [UInt8]) throws(Failure) -> (() -> Void)? {
        guard let path = path(of: value) else { return nil }
        let slash = path.lastIndex(of: UInt8(ascii: "/"))
        let name = slash.map { Array(path[($0 + 1)...]) } ?? path
        let above = slash.map { Array(path[..<$0]) } ?? Array(".".utf8)
        let parent = try present { () throws(Failure) in
            // A reference names the directory by its descriptor: nothing can be put in the way of it.
            Directory(owning: try FileDescriptor(referenceInside: above, in: root))
        }
        guard let parent, let status = try present({ () throws(Failure) in try parent.status(of: name) }),
            status.isRegular
        else { return nil }
        try parent.rename(name, to: aside, in: place)
        return { try? place.rename(aside, to: name, in: parent) }
    }

    /// The value as a path below the root; nil when it is none. It may be the absolute path that the file had.
    private func path(of value: String) -> [UInt8]? {
        var rest = value[...]
        if rest.hasPrefix(location + "/") { rest = rest.dropFirst(location.count) }
        let names = rest.split(separator: "/").map { Array($0.utf8) }.filter { $0 != Array(".".utf8) }
        guard !names.isEmpty, !names.contains(where: { $0.contains(0) }) else { return nil }
        return Array(names.joined(separator: [UInt8(ascii: "/")]))
    }

    /// What `body` finds; nil when nothing is there, or the way leads out.
    private func present<Answer>(_ body: () throws(Failure) -> Answer) throws(Failure) -> Answer? {
        do throws(Failure) { return try body() } catch {
            if error.isAbsence || error.isImpossibleName || error.isWayOut { return nil }
            throw error
        }
    }
}
