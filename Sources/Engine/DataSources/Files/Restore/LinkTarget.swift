/// A file that was written already, for another name of the same inode.
package struct LinkTarget: Sendable {
    /// Where the file is.
    package let directory: TargetDirectory
    /// Its name there.
    package let name: [UInt8]

    /// Names a finished file.
    package init(directory: TargetDirectory, name: [UInt8]) {
        self.directory = directory
        self.name = name
    }
}
