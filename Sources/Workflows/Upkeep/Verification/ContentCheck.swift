import Platform
import Repositories
import Sealing

/// Compares files of several chunks with their SHA-256. Used by one thread.
final class ContentCheck {
    /// What a comparison found.
    enum Answer {
        case right
        case wrong
        /// It could not be read: why, and the packs that the chunk at fault lies in.
        case unread(Failure, packs: [UInt32])
    }

    private let index: ChunkIndex
    private let reader: ChunkReader
    private let schedule: CheckSchedule
    private let cancellation: any Cancellation
    private let digest = Digest()
    /// The packs that were read last.
    private var packs: [UInt32] = []

    /// A writer of several threads puts the chunks of one file into so many packs by turns.
    private static let packsAtMost = 8

    init(
        _ repository: Repository, index: ChunkIndex, schedule: CheckSchedule, verified: VerifiedFrames,
        cancellation: any Cancellation
    ) {
        self.index = index
        self.schedule = schedule
        self.cancellation = cancellation
        reader = ChunkReader(repository, index: index, keeping: 2, recovers: false)
        reader.onWholeFrame = { verified.insert($0) }
    }

    /// Compares a file's bytes with its SHA-256.
    func compare(_ job: ContentJob) throws -> Answer {
        // A content that could not be read to its end has left its bytes in it.
        digest.restart()
        var chunk: ChunkID?
        do {
            try reader.walk(job.content) { id, _ in
                try cancellation.check()
                chunk = id
                if let place = index.place(of: id) { pass(index.pack(ofFrame: place.frame)) }
                try reader.read(id, .content) { bytes, _ in digest.update(bytes) }
                chunk = nil
            }
        } catch let failure as Failure where failure.kind == .damaged {
            let places = chunk.map { index.places(of: $0) } ?? []
            return .unread(failure, packs: places.map { index.pack(ofFrame: $0.frame) })
        }
        return digest.finish() == job.digest ? .right : .wrong
    }

    private func pass(_ pack: UInt32) {
        if packs.last == pack { return }
        if let known = packs.firstIndex(of: pack) { packs.remove(at: known) }
        packs.append(pack)
        if packs.count > Self.packsAtMost { schedule.warmed(packs.removeFirst()) }
    }
}
