import Entries
import Platform

/// The bytes of a regular file, opened by name in its directory when somebody reads them.
///
/// `open` throws with ENOENT when the file has vanished since it was looked at: that is no loss, only a notice.
final class FileContent: ContentSource {
    /// The file as the walk saw it.
    let entry: Entry
    private let directory: TreeDirectory
    private let owners: OwnerNames
    private let sink: any CaptureSink

    init(entry: Entry, directory: TreeDirectory, owners: OwnerNames, sink: any CaptureSink) {
        self.entry = entry
        self.directory = directory
        self.owners = owners
        self.sink = sink
    }

    var profile: CutProfile { .file }

    func open() throws -> any ContentReader {
        do throws(Failure) {
            let file = try FileDescriptor(contentOf: entry.name, in: directory.open())
            return try FileReader(file, entry: entry, owners: owners) { [self] in
                sink.report(Finding(.missing, directory.printablePath(of: entry.name), $0))
            }
        } catch {
            throw Failure(
                error.kind, "\(directory.printablePath(of: entry.name)) cannot be read", hint: error.hint,
                cause: error.cause ?? error.sentence, systemError: error.systemError)
        }
    }
}
