import Glibc
import Platform

/// A copy of a schema archive for as long as the backup runs: `pg_restore` makes SQL of it, several times.
///
/// It lies in a file that has no name any more, so that a killed run leaves nothing. Where it cannot be written, the
/// backup goes on without the SQL.
final class PostgresArchiveSpool: @unchecked Sendable {
    private final class File: Sendable {
        let descriptor: FileDescriptor

        init() throws(Failure) {
            let base = Environment.value("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
            let path = Array("\(base)/salvor-\(Host.processID)-\(UInt64.random(in: 0 ... .max)).dump".utf8)
            descriptor = try FileDescriptor(opening: path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
            try FileTree.remove(path)
        }
    }

    private let lock = Lock()
    private var file: File?
    private var trouble: Failure?
    private var isWhole = false

    /// Whether an archive has come to its end.
    var holdsWhole: Bool { lock.locked { isWhole && trouble == nil } }

    /// What went wrong with the copy, nil when it is well.
    var failure: Failure? { lock.locked { trouble } }

    /// Begins anew: an archive may be read more than once, and the last reading counts.
    func begin() {
        lock.locked {
            isWhole = false
            do throws(Failure) {
                file = try File()
                trouble = nil
            } catch {
                file = nil
                trouble = error
            }
        }
    }

    /// Appends bytes of the archive.
    func append(_ bytes: Span<UInt8>) {
        guard let file = lock.locked({ trouble == nil ? file : nil }) else { return }
        do throws(Failure) { try file.descriptor.write(bytes) } catch { lock.locked { trouble = error } }
    }

    /// The archive has come to its end.
    func end() { lock.locked { isWhole = true } }

    /// Opens the copy at its beginning.
    func open() throws(Failure) -> FileDescriptor {
        let (file, trouble) = lock.locked { (self.file, self.trouble) }
        if let trouble { throw trouble }
        guard let file else { throw Failure(.failed, "there is no copy of the definitions") }
        return try FileDescriptor(opening: Array("/proc/self/fd/\(file.descriptor.number)".utf8), O_RDONLY)
    }
}
