import Entries
import Glibc
import Platform

/// The bytes of a regular file, opened by name in its directory when somebody reads them.
///
/// `open` throws with ENOENT when the file has vanished since it was looked at: that is no loss, only a notice.
final class FileContent: ContentSource {
    /// The file as the walk saw it.
    let entry: Entry
    /// Its name in the directory, which a symlink at the end of a source's path may hide.
    private let name: [UInt8]
    private let directory: TreeDirectory
    private let owners: OwnerNames
    private let sink: any CaptureSink

    init(entry: Entry, name: [UInt8], directory: TreeDirectory, owners: OwnerNames, sink: any CaptureSink) {
        self.entry = entry
        self.name = name
        self.directory = directory
        self.owners = owners
        self.sink = sink
    }

    var profile: CutProfile { .file }

    /// A file server's lease on a file is given back within /proc/sys/fs/lease-break-time, 45 s unless somebody changed
    /// it: so long it is tried.
    private static let leaseTries = 480
    private static let leasePause = 0.1

    func open() throws -> any ContentReader {
        var tries = Self.leaseTries
        while true {
            do throws(Failure) { return try read() } catch {
                guard error.systemError == EWOULDBLOCK, tries > 0 else {
                    throw Failure(
                        error.kind, "\(directory.printablePath(of: name)) cannot be read", hint: error.hint,
                        cause: error.cause ?? error.sentence, systemError: error.systemError)
                }
            }
            tries -= 1
            try sink.checkCancellation()
            Pause.sleep(seconds: Self.leasePause)
        }
    }

    private func read() throws(Failure) -> FileReader {
        let file = try FileDescriptor(contentOf: name, in: directory.open())
        return try FileReader(file, entry: entry, owners: owners) { [self] in
            sink.report(Finding(.missing, directory.printablePath(of: name), $0))
        }
    }
}
