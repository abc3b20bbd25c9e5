import Platform

/// Refuses to stage where production may be.
package enum StagingGuard {
    /// Throws `.refused` when `base` lies in a PostgreSQL data directory, or in one of `sourceRoots`: the paths that
    /// were backed up from this machine. The root of the file system is no such path: everything lies in it.
    package static func check(_ base: [UInt8], sourceRoots: [[UInt8]]) throws(Failure) {
        let path: [UInt8]
        do throws(Failure) { path = try Directory(base).canonicalPath() } catch {
            throw error.within(
                "the staging directory \(printable(base)) cannot be used",
                hint: "name a directory that exists with --staging")
        }
        for directory in ancestry(of: path) {
            let version = directory + Array("/PG_VERSION".utf8)
            if (try? FileStatus(of: version, following: false)) != nil {
                throw Failure(
                    .refused, "the staging directory \(printable(path)) lies in the data of a PostgreSQL server",
                    hint: "name another one with --staging")
            }
        }
        for root in sourceRoots {
            guard let canonical = try? Directory(root).canonicalPath(), canonical != [UInt8(ascii: "/")] else {
                continue
            }
            if ancestry(of: path).contains(canonical) {
                throw Failure(
                    .refused, "the staging directory \(printable(path)) lies in \(printable(root)), which is backed up",
                    hint: "name a directory outside of it with --staging")
            }
        }
    }

    /// The directory and those above it, without the root.
    private static func ancestry(of path: [UInt8]) -> [[UInt8]] {
        var directories: [[UInt8]] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: UInt8(ascii: "/")), rest.count > 1 {
            directories.append(Array(rest))
            rest = rest[..<slash]
        }
        return directories
    }
}
