import Glibc

/// Paths whose symlinks are followed by ourselves, as the kernel follows them where it protects symlinks: not one that
/// somebody else may have laid out in a directory like `/tmp`.
package enum TrustedPath {
    private static let linksMax = 40
    private static let sticky: UInt16 = 0o1000

    /// The absolute path without symlinks, `.` and `..`; nil when something on the way is not there, or cannot be
    /// looked at. Throws `.refused` for a symlink in a sticky directory that is neither ours nor root's.
    package static func resolve(_ path: [UInt8]) throws(Failure) -> [UInt8]? {
        var left = Array(path.split(separator: UInt8(ascii: "/")).reversed())
        var found: [UInt8] = []
        var links = 0
        while let name = left.popLast() {
            if name.elementsEqual([UInt8(ascii: ".")]) { continue }
            if name.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
                found = Array(found[..<(found.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
                continue
            }
            let folder = found.isEmpty ? [UInt8(ascii: "/")] : found
            let place = found + [UInt8(ascii: "/")] + name
            guard let status = try? FileStatus(of: place, following: false) else { return nil }
            guard status.isSymlink else {
                found = place
                continue
            }
            try refuseForeign(status, place, in: folder)
            links += 1
            guard links <= linksMax, let directory = try? Directory(folder),
                let target = try? directory.target(ofSymlink: Array(name))
            else { return nil }
            if target.first == UInt8(ascii: "/") { found = [] }
            left += target.split(separator: UInt8(ascii: "/")).reversed()
        }
        return found.isEmpty ? [UInt8(ascii: "/")] : found
    }

    private static func refuseForeign(
        _ link: FileStatus, _ place: [UInt8], in folder: [UInt8]
    ) throws(Failure) {
        guard let directory = try? FileStatus(of: folder, following: false), directory.mode & sticky != 0,
            link.user != Host.userID, link.user != 0
        else { return }
        throw Failure(
            .refused,
            "\(printable(place)) is a symlink of another user in a directory where everybody may make one",
            hint: "name the file that is meant, or another directory")
    }
}
