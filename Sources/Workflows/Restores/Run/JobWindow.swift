import Entries
import Repositories

/// Files that a restore has come by and not handed out yet, put in the order in which their bytes lie in the packs.
///
/// A walk goes by names. After many nights the files of one directory lie in many packs, and each frame would be
/// fetched once for each file in it; within a window it is fetched once. 4,096 jobs of about 1 KiB: 4 MiB.
struct JobWindow {
    private var jobs: [RestoreJob] = []

    private static let capacity = 4096
    /// What one worker gets at a time.
    private static let batchFiles = 256
    private static let batchBytes: UInt64 = 4 << 20

    /// Takes a job in; answers batches to be handed out when the window is full.
    mutating func add(_ job: RestoreJob) -> [[RestoreJob]] {
        jobs.append(job)
        return jobs.count >= Self.capacity ? drain() : []
    }

    /// Everything that is left, in batches: the files of one frame together, as far as possible.
    mutating func drain() -> [[RestoreJob]] {
        let sorted = jobs.sorted { $0.frame < $1.frame }
        jobs = []
        var batches: [[RestoreJob]] = []
        var batch: [RestoreJob] = []
        var bytes: UInt64 = 0
        for job in sorted {
            let isFull = batch.count >= Self.batchFiles || bytes >= Self.batchBytes
            if let last = batch.last, isFull || last.frame != job.frame {
                batches.append(batch)
                batch = []
                bytes = 0
            }
            batch.append(job)
            // What a snapshot claims may be any number; a batch is full long before the sum is.
            bytes += min(job.item.entry.size, Self.batchBytes)
        }
        if !batch.isEmpty { batches.append(batch) }
        return batches
    }
}
