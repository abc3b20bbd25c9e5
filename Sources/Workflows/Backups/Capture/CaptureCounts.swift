import Formats
import Platform

/// What a capture counted.
package struct CaptureCounts: Sendable, Equatable {
    package var files = 0
    package var directories = 0
    package var others = 0
    package var newFiles = 0
    package var changedFiles = 0
    package var unchangedFiles = 0
    /// Bytes of all files, unchanged ones too.
    package var bytes: UInt64 = 0
    /// Bytes that were read from the source.
    package var bytesRead: UInt64 = 0
    /// Bytes in chunks that the repository did not hold, before compression.
    package var bytesNew: UInt64 = 0

    /// The counts as a record keeps them.
    package var json: JSONValue {
        [
            "files": JSONValue(files), "directories": JSONValue(directories), "others": JSONValue(others),
            "newFiles": JSONValue(newFiles), "changedFiles": JSONValue(changedFiles),
            "unchangedFiles": JSONValue(unchangedFiles), "bytes": JSONValue(bytes), "bytesRead": JSONValue(bytesRead),
            "bytesNew": JSONValue(bytesNew),
        ]
    }
}
