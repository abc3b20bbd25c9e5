import Entries
import Glibc
import Platform

/// A reading of a regular file: its data straight into the buffer, its holes as zeros without reading them.
///
/// It delivers at most the bytes that the file had when it was opened. Its attributes are read at the end, so that the
/// last look tells whether any of it changed meanwhile: a change gives the inode the time of the current tick of the
/// kernel's clock, so the reading begins in a later tick than the last change.
final class FileReader: ContentReader {
    private let file: FileDescriptor
    private var entry: Entry
    private let opened: FileStatus
    private let owners: OwnerNames
    private let report: (String) -> Void
    private var position: UInt64 = 0
    private var nextHole = 0
    private var ended = false
    let mayBeInMotion: Bool

    /// A file that changed this recently is read twice. A write notes its time when it begins, and copies its bytes
    /// after that: for so long it may go on unseen.
    private static let motionSeconds = 2.0
    /// A tick of the clock lasts 10 ms at most. A time farther ahead is another clock's, and nothing waits for it.
    private static let tickSeconds = 0.02

    /// Takes an open file over, which must be a regular one.
    init(
        _ file: consuming FileDescriptor, entry: Entry, owners: OwnerNames, report: @escaping (String) -> Void
    ) throws(Failure) {
        let (status, tick) = try Self.settledStatus(of: file)
        guard status.isRegular else {
            throw Failure(.failed, "it is no regular file any more")
        }
        var entry = entry
        entry.take(status, owners: owners)
        entry.holes = try Self.holes(of: file, status)
        self.file = file
        self.entry = entry
        self.owners = owners
        self.report = report
        opened = status
        mayBeInMotion = tick.seconds(since: status.changed) < Self.motionSeconds
    }

    /// What the kernel says of the file in a tick later than its last change, and that tick.
    private static func settledStatus(
        of file: borrowing FileDescriptor
    ) throws(Failure) -> (FileStatus, tick: Instant) {
        while true {
            // The clock first: a change after the look then has this tick's time at least.
            let tick = CoarseClock.now()
            let status = try file.status()
            let ahead = status.changed.seconds(since: tick)
            if ahead < 0 || ahead > tickSeconds || !status.isRegular { return (status, tick) }
            Pause.sleep(seconds: 0.001)
        }
    }

    func read(into buffer: inout Buffer) throws -> Bool {
        let before = buffer.count
        while buffer.room > 0, position < opened.size, !ended {
            let hole = nextHole < entry.holes.count ? entry.holes[nextHole] : nil
            if let hole, hole.offset <= position {
                let count = Int(min(hole.offset + hole.length - position, UInt64(buffer.room)))
                buffer.appendZeros(count)
                position += UInt64(count)
                if position == hole.offset + hole.length { nextHole += 1 }
                continue
            }
            let count = Int(min((hole?.offset ?? opened.size) - position, UInt64(buffer.room)))
            let got = try file.read(into: &buffer, at: position, count: count)
            position += UInt64(got)
            if got < count { ended = true }
        }
        return buffer.count > before
    }

    func endOfHole(at offset: UInt64) -> UInt64? {
        let index = entry.firstHole(endingAfter: offset)
        guard index < entry.holes.count, entry.holes[index].offset <= offset else { return nil }
        return entry.holes[index].offset + entry.holes[index].length
    }

    func skipHole(_ count: UInt64) {
        position += count
        while nextHole < entry.holes.count, entry.holes[nextHole].offset + entry.holes[nextHole].length <= position {
            nextHole += 1
        }
    }

    func finish() throws -> (entry: Entry, unchanged: Bool) {
        var finished = entry
        finished.readAttributes(file.number, report)
        let now = try file.status()
        let unchanged =
            now.size == opened.size && now.modified == opened.modified && now.changed == opened.changed
            && position == opened.size
        if position < opened.size {
            finished.size = position
            finished.holes = finished.holes.compactMap { $0.clipped(to: position) }
        }
        return (finished, unchanged)
    }

    /// The holes of a file, ascending. Most files have none, and are asked once or not at all.
    private static func holes(of file: borrowing FileDescriptor, _ status: FileStatus) throws(Failure) -> [Entry.Hole] {
        // A file of one block whose block is there has no hole. A larger one may have one although its blocks cover its
        // size, since blocks of attributes and of the map itself count as well.
        guard status.size > 0, status.blocks == 0 || status.size > 4096 else { return [] }
        var holes: [Entry.Hole] = []
        var position: UInt64 = 0
        do throws(Failure) {
            while position < status.size {
                let start = try file.nextHole(from: position)
                guard start < status.size else { break }
                let end = min(try file.nextData(from: start) ?? status.size, status.size)
                if end > start { holes.append(Entry.Hole(offset: start, length: end - start)) }
                position = max(end, start + 1)
            }
        } catch {
            // The file shrank below the place that was asked for, or its file system knows no holes.
            if ![ENXIO, EINVAL, EOPNOTSUPP].contains(error.systemError) { throw error }
        }
        return holes
    }
}
