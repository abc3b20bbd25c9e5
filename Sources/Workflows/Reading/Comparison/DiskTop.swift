import DataSources
import Entries

/// The directory on disk with which a comparison begins, as an entry of its own.
final class DiskTop: ComparedPlace {
    private let live: LiveDirectory

    init(_ live: LiveDirectory) { self.live = live }

    func complete(_ entry: inout Entry, attributes: Bool) throws { if attributes { try live.completeOwn(&entry) } }

    func findDigest(of entry: inout Entry) -> UInt64 { 0 }
}
