import Platform
import Reports

/// A report in a file, which a reader at any moment finds whole: the old one, or the new one.
enum ReportFile {
    private static let writeOnly: Int32 = 1

    /// Writes a drill down into the file at an absolute path.
    static func write(_ book: ReportBook, format: any ReportFormat.Type, to path: [UInt8]) throws(Failure) {
        try write(format.render(book), to: path)
    }

    /// Writes a text. A file that is replaced lends its permissions; a new one may be read by everybody, as far as the
    /// umask lets. What a symlink leads to is replaced, and what is no file is written into, such as `/dev/stdout`; a
    /// symlink that somebody else may have laid out for us is refused.
    static func write(_ text: String, to path: [UInt8]) throws(Failure) {
        let bytes = Array(text.utf8)
        // What cannot be resolved, such as a new file, is left to the kernel, which looks at symlinks itself.
        let place = try TrustedPath.resolve(path) ?? path
        guard let old = try? FileStatus(of: place, following: false) else {
            return try FileTree.write(bytes, to: place, mode: 0o644)
        }
        guard !old.isDirectory else {
            throw Failure(.usage, "\(printable(path)) is a directory", hint: "name a file in it")
        }
        if old.isRegular {
            try FileTree.write(bytes, to: place, mode: UInt32(old.permissions & 0o777))
        } else {
            try FileDescriptor(opening: place, Self.writeOnly).write(bytes.span)
        }
    }
}
