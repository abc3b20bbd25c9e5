import Entries

/// Where an entry of a tree that is compared lies: who can be asked for more about it.
protocol ComparedPlace: AnyObject {
    /// Adds to an entry what the listing of a directory does not tell of it; `attributes` says whether those are
    /// wanted, too.
    func complete(_ entry: inout Entry, attributes: Bool) throws
    /// Knows a file's SHA-256, or reads the file for it; answers how many bytes were read.
    func findDigest(of entry: inout Entry) throws -> UInt64
}
