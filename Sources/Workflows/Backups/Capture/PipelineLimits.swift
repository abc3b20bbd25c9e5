/// Every bound of the capture pipeline, with its memory arithmetic (for two readers and two sealers).
enum PipelineLimits {
    /// Threads that read, cut and hash; and threads that compress, seal and write.
    static func workers(processors: Int) -> Int { min(max(processors, 2), 8) }

    /// Small chunks are put together up to here: larger frames compress better, but a restore after many nights reads
    /// frames of which it needs little.
    static let frameTarget = 1 << 20
    /// A chunk from here on is a frame of its own.
    static let ownFrame = 512 << 10
    /// A frame under construction: the target, or one largest chunk.
    /// 2 readers + 2 waiting + 2 sealers = 6 frames, 5 MiB each at most: 30 MiB.
    static let frameCapacity = 5 << 20
    static let framesWaiting = 2

    /// What a reader looks at: a largest chunk, and as much again so that memory is moved seldom. 2 × 8 MiB.
    static let windowBytes = 8 << 20
    /// What it looks at of lines, which are cut finely: less than a processor's second cache holds, so that a row that
    /// was copied is still there when it is hashed.
    static let lineWindowBytes = 512 << 10

    /// Files are handed to readers in batches of about one frame.
    static let batchBytes: UInt64 = 1 << 20
    static let batchFiles = 512
    /// Directories whose files may be in one batch.
    static let batchDirectories = 64
    static let batchesWaiting = 8
    /// Batches whose entries wait for their place in the tree: 32 × 1,024 entries of about 500 bytes = 16 MiB.
    static let groupEvents = 1024
    static let groupsWaiting = 32

    /// An entry that changed less than this before the run began is read again next time: as long as a page may
    /// stay dirty with an old time in its inode.
    static let settlingSeconds = 40.0

    /// A file of the parent that an adapter asks for.
    static let parentFileBytes: UInt64 = 4 << 20

    /// How often a file that changes while it is read is read again.
    static let attempts = 3
    /// Findings kept in a record.
    static let recordedFindings = 100
    /// Bytes of a record, of 64 KiB, that all findings together may take.
    static let recordedBytes = 32 << 10
}
