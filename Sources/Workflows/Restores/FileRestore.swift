import DataSources
import Entries
import Glibc
import Platform
import Repositories
import Sealing

/// Writes single files, each verified by its SHA-256 before it gets its name. Used by one thread.
final class FileRestore {
    private let writer: FileTreeWriter
    private let plan: RestorePlan
    private let reader: ChunkReader
    private let counters: WorkCounters
    private let cancellation: any Cancellation
    private let digest = Digest()
    private var buffer = Buffer(capacity: 1 << 20)

    init(
        _ repository: Repository, index: ChunkIndex, writer: FileTreeWriter, plan: RestorePlan, counters: WorkCounters,
        cancellation: any Cancellation
    ) {
        self.cancellation = cancellation
        self.writer = writer
        self.plan = plan
        self.counters = counters
        reader = ChunkReader(repository, index: index)
    }

    /// Sealed bytes that were read from the store.
    var bytesFetched: UInt64 { reader.bytesFetched }

    /// Writes a file; false when the right one is there and was left.
    func restore(_ item: TreeEntry, in directory: TargetDirectory, isInTheWay: Bool) throws -> Bool {
        let entry = item.entry
        guard let content = item.content else { return false }
        if isInTheWay, plan.overwrite != .always, try writer.state(of: entry, in: directory) == .same,
            try directory.digest(ofFile: entry.name, digest, &buffer) == entry.digest
        {
            return false
        }
        let file = try writer.begin(entry, in: directory)
        var offset: UInt64 = 0
        var only: [UInt8]?
        // A file that failed half way has left its bytes in it.
        digest.restart()
        let isOneChunk = content.depth == 0 && content.items.count == 1
        try reader.stream(content) { bytes, plain in
            try cancellation.check()
            if isOneChunk { only = plain } else { digest.update(bytes) }
            try file.write(bytes, at: offset)
            offset += UInt64(bytes.count)
            counters.add(bytes: bytes.count)
        }
        let whole = digest.finish()
        guard (only ?? whole) == entry.digest, offset == entry.size else {
            throw Failure(
                .damaged, "the bytes of \(directory.printablePath(of: entry.name)) are not those that were backed up")
        }
        try file.finish()
        return true
    }
}
