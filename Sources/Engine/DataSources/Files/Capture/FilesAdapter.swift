import Formats
import Platform

/// Backs up a tree of files, or a single file, as the file system has it.
package struct FilesAdapter: SourceAdapter {
    package static let name = "files"

    /// The absolute path of the tree; a symlink at its very end is followed.
    package let path: [UInt8]
    /// What of the tree is saved.
    package let selection: FileSelection

    /// Takes the path of a directory, or of anything else that has a path; a relative one is taken from here.
    package init(path: [UInt8], selection: FileSelection = FileSelection()) {
        self.path = FilePath.absolute(path)
        self.selection = selection
    }

    package var location: String { printable(path) }

    package func probe() throws {
        let status = try lookAtRoot()
        guard status.isDirectory || selection.list == nil else {
            throw Failure(.usage, "the source \(location) is no directory, and a list cannot name anything in it")
        }
        if status.isDirectory {
            do { _ = try NameList(of: Directory(path)) } catch {
                throw Failure(error).within("the source \(location) cannot be read")
            }
        } else if status.isRegular {
            _ = try FileDescriptor(contentOf: FilePath.last(path), in: Directory(FilePath.parent(path)))
        }
    }

    package func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        let started = context.clock.now()
        let walk = TreeWalk(selection, sink: sink)
        if try lookAtRoot().isDirectory {
            try walk.captureTree(at: path, named: FilePath.last(path))
        } else {
            try walk.captureSingle(at: path)
        }
        let outcome = selection.isEverything ? nil : walk.selected
        return CaptureOutcome(dataTime: started, manifest: walk.totals.manifest(outcome), selection: outcome)
    }

    private func lookAtRoot() throws(Failure) -> FileStatus {
        do throws(Failure) { return try FileStatus(of: path, following: true) } catch {
            throw Failure(
                .failed, "the source \(location) cannot be read", hint: "check the path, and that it is mounted",
                cause: error.cause, systemError: error.systemError)
        }
    }
}
