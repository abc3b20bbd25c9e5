import DataSources
import Entries
import Platform
import Repositories
import Sealing

/// Reads, cuts and hashes contents, and fills frames with the chunks that are new. Used by one reader thread.
final class ContentCapture {
    private let pipeline: CapturePipeline
    private let namer: ChunkNamer
    private let digest = ContentDigest()
    private var cutters: [Cutter] = []
    private var window = Buffer(capacity: PipelineLimits.windowBytes)
    private var frame: FrameBuffer?
    private var owner: UInt32?
    private var hole: HoleChunk?
    private var borders = LineBorders()
    private var holdsLines = false
    /// Of the content that is being read: bytes of chunks that the repository did not hold.
    private var newBytes: UInt64 = 0

    init(_ pipeline: CapturePipeline) throws {
        self.pipeline = pipeline
        namer = pipeline.repository.namer()
    }

    /// Reads every file of a group. The frame ends with the group, so that frames do not depend on who reads what.
    func work(_ group: EventGroup) throws -> [EventGroup.Captured?] {
        var results: [EventGroup.Captured?] = []
        for job in group.jobs {
            try pipeline.cancellation.check()
            if owner != job.entry.user { try sendFrame() }
            owner = job.entry.user
            results.append(try capture(job, group))
        }
        try sendFrame()
        return results
    }

    private func capture(_ job: EventGroup.Job, _ group: EventGroup) throws -> EventGroup.Captured? {
        for attempt in 1...PipelineLimits.attempts {
            guard let (read, unchanged) = try attemptCapture(job, group) else { return nil }
            var captured = read
            if unchanged || attempt == PipelineLimits.attempts {
                if !unchanged {
                    captured.entry.isIncomplete = true
                    group.report(
                        Finding(
                            .missing, job.label,
                            "it changed each time it was read, \(attempt) times; what was read last is in the snapshot")
                    )
                }
                count(captured, job, group)
                return captured
            }
        }
        return nil
    }

    private func count(_ captured: EventGroup.Captured, _ job: EventGroup.Job, _ group: EventGroup) {
        group.ledger.count { counts in
            counts.files += 1
            counts.bytes += captured.entry.size
            if job.isKnown { counts.changedFiles += 1 } else { counts.newFiles += 1 }
        }
        pipeline.counters.add(items: 1)
    }

    /// One reading. Nil when the content cannot be read, which is reported; what ends the whole run is thrown.
    private func attemptCapture(
        _ job: EventGroup.Job, _ group: EventGroup
    ) throws -> (EventGroup.Captured, unchanged: Bool)? {
        do {
            let reader = try job.content.open()
            newBytes = 0
            let (chunks, whole) = try chunks(of: reader, job.content.profile, group)
            reader.noteNew(bytes: newBytes)
            var (entry, unchanged) = try reader.finish()
            entry.digest = whole
            entry.size = chunks.reduce(0) { $0 + UInt64($1.length) }
            if unchanged, reader.mayBeInMotion { unchanged = try isConfirmed(whole, job.content, group) }
            return (EventGroup.Captured(entry: entry, chunks: chunks), unchanged)
        } catch let failure as Failure where failure.kind == .failed || failure.kind == .incomplete {
            // A failure of the repository would come back at once in the next store; one of the source is only its own.
            if failure == CapturePipeline.stopped { throw failure }
            // Of a source that is one file nothing would be left.
            if job.isRoot { throw failure.within("the source \(job.label) could not be read") }
            if failure.systemError == Errno.noSuchFile {
                group.report(Finding(.notice, job.label, "vanished before it was read"))
            } else {
                group.report(Finding(.missing, job.label, failure.description))
            }
            return nil
        }
    }

    /// Whether a second reading gives the same bytes as the first.
    private func isConfirmed(_ whole: [UInt8], _ content: any ContentSource, _ group: EventGroup) throws -> Bool {
        let reader = try content.open()
        digest.restart()
        var isAtEnd = false
        while !isAtEnd {
            window.clear()
            isAtEnd = try fill(reader, group)
            window.withBytes { digest.skip($0) }
        }
        return try digest.finish() == whole && reader.finish().unchanged
    }

    private func chunks(
        of reader: any ContentReader, _ profile: CutProfile, _ group: EventGroup
    ) throws -> ([PackDirectory.Chunk], digest: [UInt8]) {
        let cutter = try cutter(for: profile)
        window.clear()
        // A reading that failed half way has left its bytes in it.
        digest.restart()
        borders = LineBorders()
        if case .lines = profile { holdsLines = true } else { holdsLines = false }
        var chunks: [PackDirectory.Chunk] = []
        var lastDigest: [UInt8] = []
        var start = 0
        var offset: UInt64 = 0
        var isAtEnd = false
        let least = Self.reach(cutter, profile)
        var reach = least
        while true {
            if let hole = try holeChunk(at: offset, of: reader, cutter, profile, group) {
                let inWindow = min(hole.length, window.count - start)
                start += inWindow
                if hole.length > inWindow { reader.skipHole(UInt64(hole.length - inWindow)) }
                offset += UInt64(hole.length)
                lastDigest = hole.digest
                chunks.append(PackDirectory.Chunk(id: hole.id, length: hole.length))
                continue
            }
            if !isAtEnd, window.count - start < reach {
                window.removeFirst(start)
                start = 0
                window.confine(
                    to: reach < Limits.chunkBytes
                        ? max(PipelineLimits.lineWindowBytes, 2 * reach) : PipelineLimits.windowBytes)
                isAtEnd = try fill(reader, group)
                if case .lines = profile { borders.add(reader.takeBorders()) }
            }
            if start == window.count { break }
            let taken: Int? = try window.withBytes { bytes in
                let rest = bytes.extracting(start..<bytes.count)
                let isWhole = isAtEnd || rest.count >= Limits.chunkBytes
                guard let length = self.cut(rest, isWhole: isWhole, at: offset, cutter, profile) else { return nil }
                let chunk = rest.extracting(0..<length)
                // Before the SHA-256: what changes the bytes from here on is seen when their frame is opened again.
                let quickHash = WyHash.hash(chunk)
                let isOnly = chunks.isEmpty && isAtEnd && length == rest.count
                lastDigest = isOnly ? digest.alone(chunk) : digest.add(chunk)
                let id = namer.name(.content, digest: lastDigest)
                chunks.append(PackDirectory.Chunk(id: id, length: length))
                if pipeline.session.index.claim(id) { try put(chunk, id, quickHash, group) }
                return length
            }
            reach = taken == nil ? Limits.chunkBytes : least
            start += taken ?? 0
            offset += UInt64(taken ?? 0)
        }
        if chunks.count == 1 { return (chunks, lastDigest) }
        return (chunks, digest.finish())
    }

    /// The chunk that begins at `offset` when everything that its cut could depend on lies in a hole. Such chunks are
    /// all the same one, which is cut, named and stored once: a hole of a terabyte costs its SHA-256 and no more.
    private func holeChunk(
        at offset: UInt64, of reader: any ContentReader, _ cutter: Cutter, _ profile: CutProfile, _ group: EventGroup
    ) throws -> HoleChunk? {
        guard case .file = profile, let end = reader.endOfHole(at: offset),
            end - offset >= UInt64(cutter.sizes.most)
        else { return nil }
        try pipeline.cancellation.check()
        let hole = hole ?? HoleChunk(cutter, namer)
        if self.hole == nil { self.hole = hole }
        let zeros = hole.zeros
        digest.skip(zeros.span)
        if pipeline.session.index.claim(hole.id) { try put(zeros.span, hole.id, hole.quickHash, group) }
        return hole
    }

    /// Reads until the window is full; true at the end of the content.
    private func fill(_ reader: any ContentReader, _ group: EventGroup) throws -> Bool {
        let before = window.count
        defer {
            let read = window.count - before
            group.ledger.count { $0.bytesRead += UInt64(read) }
            pipeline.counters.add(bytes: read)
        }
        while window.room > 0 {
            try pipeline.cancellation.check()
            if try !reader.read(into: &window) { return true }
        }
        return false
    }

    /// How many bytes a cut must see, or else the end; of lines it may ask for more.
    private static func reach(_ cutter: Cutter, _ profile: CutProfile) -> Int {
        guard case .lines = profile else { return Limits.chunkBytes }
        return min(cutter.sizes.most + 1, Limits.chunkBytes)
    }

    /// Where the next chunk ends. For lines: at a border that the reader knows, or where the line ends in which the cut
    /// lies; nil when that line goes on behind these bytes and they are not all that a cut may see.
    private func cut(
        _ bytes: Span<UInt8>, isWhole: Bool, at offset: UInt64, _ cutter: Cutter, _ profile: CutProfile
    ) -> Int? {
        guard case .lines = profile else { return cutter.cut(bytes) }
        let length: Int
        if borders.areKnown {
            if let border = borders.next(from: offset, sizes: cutter.sizes, within: bytes.count) { return border }
            length = min(bytes.count, cutter.sizes.most)
        } else {
            length = cutter.cut(bytes)
        }
        guard length < bytes.count else { return length }
        let end = min(bytes.count, Limits.chunkBytes)
        var index = length - 1
        while index < end {
            if bytes[index] == UInt8(ascii: "\n") { return index + 1 }
            index += 1
        }
        return isWhole ? end : nil
    }

    private func cutter(for profile: CutProfile) throws -> Cutter {
        let sizes: Cutter.Sizes =
            switch profile {
            case .file: .files
            case .lines(let average): .lines(averageBytes: average)
            }
        if let known = cutters.first(where: { $0.sizes == sizes }) { return known }
        let made = try pipeline.repository.cutter(sizes)
        cutters.append(made)
        return made
    }

    private func put(_ chunk: Span<UInt8>, _ id: ChunkID, _ quickHash: UInt64, _ group: EventGroup) throws {
        group.ledger.count { $0.bytesNew += UInt64(chunk.count) }
        newBytes += UInt64(chunk.count)
        let waiting = frame?.bytes.count ?? 0
        let isFull = waiting + chunk.count > PipelineLimits.frameTarget + PipelineLimits.ownFrame
        if waiting > 0, chunk.count >= PipelineLimits.ownFrame || isFull {
            try sendFrame()
        }
        if frame == nil {
            guard let empty = pipeline.freeFrames.pop() else { throw CapturePipeline.stopped }
            frame = consume empty
            frame?.holdsLines = holdsLines
        }
        frame?.append(chunk, id: id, quickHash: quickHash)
        if let count = frame?.bytes.count, count >= PipelineLimits.frameTarget || chunk.count >= PipelineLimits.ownFrame
        {
            try sendFrame()
        }
    }

    private func sendFrame() throws {
        guard let full = frame.take() else { return }
        guard pipeline.frames.push(full) else { throw CapturePipeline.stopped }
    }
}
