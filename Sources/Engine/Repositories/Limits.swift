/// Every bound of the format in one place, with its reason. Readers refuse what is beyond; writers stay below.
package enum Limits {
    /// A chunk: what must be in memory at once to check one.
    package static let chunkBytes = 4 << 20
    /// A decompressed frame: one largest chunk, or many small ones.
    package static let frameBytes = 8 << 20
    /// Where salvor ends a pack: large enough for few requests, small enough to be sent again.
    package static let packTarget: UInt64 = 32 << 20
    /// A pack object: the target, one frame more, and its directory.
    package static let packBytes: UInt64 = 64 << 20
    /// A sealed pack directory.
    package static let directoryBytes = 16 << 20
    /// Where salvor ends a pack of many small chunks, so that directory and index stay far below their bounds.
    package static let directoryTarget = 1 << 20
    /// Chunks after which salvor writes an index object, and holds them in memory no longer.
    package static let indexedChunks = 1 << 17
    /// Records, marks, settings and key slots.
    package static let recordBytes = 64 << 10
    /// A document that decompresses to more than this is at most so many times as long as its payload: what large ones
    /// hold are random ids, and a bomb is refused before memory is taken for it.
    static let smallDocumentBytes = 1 << 20
    static let documentRatio = 8
    /// An index object as stored, and decompressed.
    package static let indexBytes = 64 << 20
    package static let indexPlainBytes = 256 << 20
    /// An encoded entry, and a name in it.
    package static let entryBytes = 3 << 20
    package static let nameBytes = 4096
    /// Where a page of a large directory ends at the latest.
    package static let pageBytes = 512 << 10
    /// Entries up to which a directory is one page.
    package static let singlePageEntries = 256
    /// Items of a content that stay in place; longer lists become chunks.
    package static let inlineItems = 64
    /// Items of one chunk list, and of any list that a reader takes.
    package static let listItems = 4096
    package static let itemsAtMost = 65536
    /// Holes of a file, extended attributes of an entry, bytes of an owner's name.
    package static let holes = 1 << 20
    package static let attributes = 4096
    package static let attributeNameBytes = 255
    package static let ownerNameBytes = 256
    /// Levels of chunk lists.
    package static let contentDepth: UInt8 = 4
    /// A source's manifest and an evidence report, in memory.
    package static let manifestBytes: UInt64 = 256 << 20
}
