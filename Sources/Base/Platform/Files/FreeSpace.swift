import Glibc

/// How much room a file system has.
package enum FreeSpace {
    /// The bytes that anybody may still write where `path` lies.
    package static func bytes(at path: [UInt8]) throws(Failure) -> UInt64 {
        var answer = statvfs()
        let name = CString(path)
        _ = try call("ask the room of", printable(path)) { unsafe statvfs(name.pointer, &answer) }
        return UInt64(answer.f_bavail) * UInt64(answer.f_frsize)
    }
}
