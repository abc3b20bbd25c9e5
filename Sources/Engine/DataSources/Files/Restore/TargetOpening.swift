import Glibc
import Platform

/// Opens a directory of the target so that names can be made and removed in it.
enum TargetOpening {
    /// Opens a directory that is there; one that its mode or its flags lock is unlocked first. A symlink is refused.
    static func open(_ name: [UInt8], in above: Directory) throws(Failure) -> Directory {
        let directory: Directory
        do throws(Failure) { directory = try Directory(name, in: above) } catch {
            guard error.systemError == EACCES else { throw error }
            let reference = try FileDescriptor(referenceTo: name, in: above)
            guard try reference.status().isDirectory else { throw error }
            try FileMetadata.setPermissions(0o700, of: reference.number)
            directory = try Directory(name, in: above)
        }
        _ = TargetRemoval.unprotect(directory.number)
        let permissions = try directory.status().permissions
        if permissions & 0o700 != 0o700 {
            // Root needs no permission bit, and another user's directory cannot be unlocked: then a name fails later.
            try? FileMetadata.setPermissions(permissions | 0o700, of: directory.number)
        }
        return directory
    }
}
