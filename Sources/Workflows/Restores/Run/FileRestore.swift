import DataSources
import Entries
import Glibc
import Platform
import Repositories
import Sealing

/// Writes single files, each verified by its SHA-256 before it gets its name. Used by one thread.
///
/// Nothing is fetched that is there already: a file that is right is left, and of a large one, which a killed run left
/// unfinished or which has changed in place, each chunk that is right.
final class FileRestore {
    private let writer: FileTreeWriter
    private let plan: RestorePlan
    private let refreshes: Bool
    private let reader: ChunkReader
    private let namer: ChunkNamer
    private let counters: WorkCounters
    private let cancellation: any Cancellation
    private let digest = Digest()
    private var buffer = Buffer(capacity: Limits.chunkBytes)
    private var hole: (id: ChunkID, zeros: [UInt8])?

    init(
        _ repository: Repository, index: ChunkIndex, writer: FileTreeWriter, plan: RestorePlan, refreshes: Bool,
        counters: WorkCounters, cancellation: any Cancellation
    ) {
        self.cancellation = cancellation
        self.writer = writer
        self.plan = plan
        self.refreshes = refreshes
        self.counters = counters
        reader = ChunkReader(repository, index: index)
        namer = repository.namer()
    }

    /// Sealed bytes that were read from the store.
    var bytesFetched: UInt64 { reader.bytesFetched }

    /// Writes a file; false when the right one is there and was left.
    func restore(_ item: TreeEntry, in directory: TargetDirectory, isInTheWay: Bool) throws -> Bool {
        let entry = item.entry
        guard let content = item.content else { return false }
        if isInTheWay, plan.overwrite != .always, try isLeft(entry, in: directory) { return false }
        try plan.record.demandTold(fileBytes: entry.size)
        let file = try writer.begin(entry, in: directory)
        let old = isInTheWay && !content.isOneChunk ? OldFile(entry.name, in: directory) : nil
        var whole = try fill(file, with: content, old)
        if file.isResumed {
            // What a run before left was looked at chunk by chunk, but for its holes.
            try file.settleLength()
            let kept = try file.digest(with: digest, &buffer)
            if kept != whole {
                try file.startOver()
                whole = try fill(file, with: content, old)
            }
        }
        guard whole == entry.digest else {
            throw Failure(
                .damaged, "the bytes of \(directory.printablePath(of: entry.name)) are not those that were backed up")
        }
        try file.finish()
        return true
    }

    /// Writes everything that is not there; answers the SHA-256 of all of it, nothing when its length is another one.
    private func fill(_ file: PendingFile, with content: Content, _ old: OldFile?) throws -> [UInt8] {
        var offset: UInt64 = 0
        var only: [UInt8]?
        // A file that failed half way has left its bytes in it.
        digest.restart()
        let cursor = ContentCursor(content, reader: reader)
        while let (id, length) = try cursor.next() {
            try cancellation.check()
            guard UInt64(length) <= file.entry.size, offset <= file.entry.size - UInt64(length) else { return [] }
            if content.isOneChunk {
                only = try fetch(id, length, at: offset, into: file, isOnly: true)
            } else if try !isThere(id, length, at: offset, in: file, old) {
                _ = try fetch(id, length, at: offset, into: file)
            }
            offset += UInt64(length)
            counters.add(bytes: length)
        }
        let whole = digest.finish()
        return offset == file.entry.size ? only ?? whole : []
    }

    /// Whether the file that is in the way is the right one; it gets what it may lack beside its bytes.
    private func isLeft(_ entry: Entry, in directory: TargetDirectory) throws -> Bool {
        guard try writer.state(of: entry, in: directory) == .same else { return false }
        let file = try directory.open(file: entry.name)
        guard try digest.of(file, &buffer) == entry.digest else { return false }
        if !refreshes { return true }
        // One with further names elsewhere is not changed; whether it is replaced is for the plan to say.
        return try writer.refresh(entry, file, in: directory) || plan.overwrite == .never
    }

    /// Whether a chunk need not be fetched: it lies in a hole, or its bytes are there, in the file itself or in the old
    /// one, from which they are copied. Then they are hashed.
    private func isThere(
        _ id: ChunkID, _ length: Int, at offset: UInt64, in file: PendingFile, _ old: OldFile?
    ) throws -> Bool {
        if file.entry.isHole(from: offset, length: UInt64(length)), id == holeID(length), let hole {
            digest.update(hole.zeros.span)
            return true
        }
        guard file.isResumed || old != nil else { return false }
        buffer.clear()
        if file.isResumed {
            _ = try file.read(into: &buffer, at: offset, count: length)
            if isRight(id, length) {
                buffer.withBytes { digest.update($0) }
                return true
            }
            buffer.clear()
        }
        guard let old, try old.file.read(into: &buffer, at: offset, count: length) == length, isRight(id, length) else {
            return false
        }
        try buffer.withBytes { bytes in
            digest.update(bytes)
            try file.write(bytes, at: offset)
        }
        return true
    }

    /// Whether the buffer holds a chunk.
    private func isRight(_ id: ChunkID, _ length: Int) -> Bool {
        buffer.count == length && buffer.withBytes { namer.name(.content, $0).id == id }
    }

    /// Fetches a chunk into its place; answers its SHA-256.
    private func fetch(
        _ id: ChunkID, _ length: Int, at offset: UInt64, into file: PendingFile, isOnly: Bool = false
    ) throws -> [UInt8] {
        try reader.read(id, .content) { bytes, plain in
            guard bytes.count == length else {
                throw Failure(.damaged, "the chunk \(id) has another length than its content says")
            }
            if !isOnly { digest.update(bytes) }
            try file.write(bytes, at: offset)
            return plain
        }
    }

    /// The id of a chunk of so many zeros. Those of a file's holes have one length, but for the first and last.
    private func holeID(_ length: Int) -> ChunkID {
        if let hole, hole.zeros.count == length { return hole.id }
        let zeros = [UInt8](repeating: 0, count: length)
        let id = namer.name(.content, zeros.span).id
        hole = (id, zeros)
        return id
    }

    /// A file that is in the way of another one of the same name, of which a part may be right.
    private final class OldFile {
        let file: FileDescriptor

        /// Nil where it cannot be read: then all is fetched.
        init?(_ name: [UInt8], in directory: TargetDirectory) {
            guard let file = try? directory.open(file: name), (try? file.status().isRegular) == true else { return nil }
            self.file = file
        }
    }
}

extension Content {
    /// Whether it is a single chunk, whose SHA-256 is that of the whole: then nothing is hashed twice.
    fileprivate var isOneChunk: Bool { depth == 0 && items.count == 1 }
}
