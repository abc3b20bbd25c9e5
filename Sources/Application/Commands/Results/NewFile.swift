import Platform

/// A file that is being written for the user: its name must be free, and it is removed again unless it is kept.
final class NewFile {
    private let path: [UInt8]
    private let file: FileDescriptor
    private var kept = false

    /// Makes the file, readable by its owner only. `.refused` when the name is taken.
    init(at path: [UInt8]) throws {
        self.path = path
        do throws(Failure) { file = try FileDescriptor(creating: path) } catch {
            if error.systemError == Self.exists {
                throw Failure(
                    .refused, "\(printable(path)) exists already", hint: "name another file, or remove it first")
            }
            throw error
        }
    }

    deinit {
        if !kept { try? FileTree.remove(path) }
    }

    /// Appends bytes.
    func write(_ bytes: Span<UInt8>) throws {
        do throws(Failure) { try file.write(bytes) } catch {
            throw Failure.system("write to", printable(path), errno: error.systemError ?? 0)
        }
    }

    /// Keeps what was written, on the device.
    func keep() throws {
        try file.synchronise()
        kept = true
    }

    /// EEXIST.
    private static let exists: Int32 = 17
}
