import Glibc

/// Paths as they are stored and compared: from the root on, without `.`, `..` and empty components.
package enum AbsolutePath {
    /// Makes `path` absolute. Symlinks stay as they are, but for what stands before a `..`, which only the file system
    /// can tell; that part must exist. Empty paths and paths with a NUL are usage failures.
    package static func of(_ path: [UInt8], workingDirectory: [UInt8]) throws(Failure) -> [UInt8] {
        guard !path.isEmpty else { throw Failure(.usage, "the path is empty") }
        guard !path.contains(0) else { throw Failure(.usage, "the path \(printable(path)) holds a NUL") }
        let slash = UInt8(ascii: "/")
        let whole = path[0] == slash ? path : workingDirectory + [slash] + path
        var components = whole.split(separator: slash).map { Array($0) }.filter { $0 != Array(".".utf8) }
        if let last = components.lastIndex(of: Array("..".utf8)) {
            let resolved = try physical(join(components[...last]))
            components = resolved.split(separator: slash).map { Array($0) } + components[(last + 1)...]
        }
        return join(components[...])
    }

    private static func join(_ components: ArraySlice<[UInt8]>) -> [UInt8] {
        components.isEmpty ? Array("/".utf8) : components.flatMap { [UInt8(ascii: "/")] + $0 }
    }

    private static func physical(_ path: [UInt8]) throws(Failure) -> [UInt8] {
        let name = CString(path)
        guard let found = unsafe realpath(name.pointer, nil) else {
            throw Failure.system("follow the path", printable(path))
        }
        defer { unsafe free(found) }
        return unsafe Array(UnsafeRawBufferPointer(start: found, count: strlen(found)))
    }
}
