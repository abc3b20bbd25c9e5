/// What a comparison looks at.
package struct ComparisonOptions: Sendable {
    /// Whether modes, owners, times, attributes and flags are compared, too.
    package var comparesMetadata = false
    /// Whether files on disk are read although their inode, times and size are those of the snapshot's entry.
    package var readsData = false
    /// Whether entries on disk are asked for their attributes and flags.
    package var readsAttributes = false

    /// Compares contents only, and believes the times of files.
    package init() {}
}
