import Glibc

/// What callers decide by, of what the kernel said.
extension Failure {
    /// Whether the object is not there.
    package var isAbsence: Bool { systemError == ENOENT }

    /// Whether nothing could be of that name: what should be a directory is none, or a name is too long for any file.
    package var isImpossibleName: Bool { [ENOTDIR, ENAMETOOLONG, ELOOP].contains(systemError ?? 0) }

    /// Whether a path was not followed because it leads out of the directory that it must stay in.
    package var isWayOut: Bool { systemError == EXDEV }

    /// Whether something of that name is there already.
    package var isNameTaken: Bool { systemError == EEXIST }

    /// Whether this machine lacks room, memory or descriptors, or may not write: no fault of what was to be written.
    package var isLackOfMeans: Bool {
        [ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM, EROFS].contains(systemError ?? 0)
    }
}
