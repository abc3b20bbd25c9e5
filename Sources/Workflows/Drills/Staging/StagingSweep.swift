import Formats
import Platform
import Reports

/// Removes what drills that were killed left behind; looks at no area of a drill that runs.
///
/// An area is left behind when nobody holds the lock of its directory *and* its lease names no living process. Without
/// a lease the lock alone decides: its maker was killed between the first two steps and had put nothing into it.
package enum StagingSweep {
    /// What a sweep did.
    package struct Outcome: Sendable, Equatable {
        /// One sentence for each area that was removed; the object is its path.
        package var removed: [Report.Remark] = []
        /// What could not be removed, in sentences.
        package var leftovers: [String] = []
    }

    /// Sweeps each of `directories`; one that does not exist has nothing to sweep.
    ///
    /// `withKept` takes what was kept for a time, too; an area whose lock somebody holds is never taken.
    package static func run(
        in directories: [[UInt8]], clock: any Clock = SystemClock(), withKept: Bool = false
    ) -> Outcome {
        var outcome = Outcome()
        forEachAbandoned(in: directories, clock: clock, withKept: withKept) { area, lease in
            let removal = area.remove()
            outcome.leftovers += removal.problems
            outcome.removed.append(Report.Remark(printable(area.path), sentence(removal, lease)))
        }
        return outcome
    }

    /// What a sweep would remove: one sentence for each area; the object is its path.
    package static func abandoned(
        in directories: [[UInt8]], clock: any Clock = SystemClock()
    ) -> [Report.Remark] {
        var found: [Report.Remark] = []
        forEachAbandoned(in: directories, clock: clock) { area, lease in
            found.append(Report.Remark(printable(area.path), "left by \(origin(lease))"))
        }
        return found
    }

    private static func forEachAbandoned(
        in directories: [[UInt8]], clock: any Clock, withKept: Bool = false,
        _ body: (StagingArea, StagingLease?) -> Void
    ) {
        var seen: Set<[UInt8]> = []
        for path in directories {
            guard let parent = try? Directory(path), let canonical = try? parent.canonicalPath(),
                seen.insert(canonical).inserted, let names = try? parent.names()
            else { continue }
            for name in names where isAreaName(name) {
                if let (area, lease) = abandoned(name, in: parent, now: clock.now(), withKept: withKept) {
                    body(area, lease)
                }
            }
        }
    }

    private static func abandoned(
        _ name: [UInt8], in parent: Directory, now: Instant, withKept: Bool
    ) -> (StagingArea, StagingLease?)? {
        // Opened without following a symlink; somebody else's directory is not ours to remove.
        guard let directory = try? Directory(name, in: parent), let status = try? directory.status(),
            status.user == Host.userID, (try? directory.takeLock()) == true,
            let path = try? directory.canonicalPath()
        else { return nil }
        let text = try? FileTree.read(path + [UInt8(ascii: "/")] + StagingLease.fileName, limit: 1 << 16)
        let lease = text.flatMap { StagingLease.parse($0) }
        if let lease, lease.keptUntil.map({ $0 > now && !withKept }) ?? lease.isOfLivingProcess { return nil }
        let identifier = String(decoding: name.dropFirst(StagingArea.prefix.count), as: UTF8.self)
        let area = StagingArea(
            identifier: identifier, path: path, directory: directory, parent: parent, name: name)
        return (area, lease)
    }

    private static func origin(_ lease: StagingLease?) -> String {
        lease.map {
            "a drill of \(Timestamp.string(seconds: $0.created.seconds)) (process \($0.process) on \($0.host))"
        } ?? "a drill"
    }

    private static func sentence(_ removal: StagingRemoval, _ lease: StagingLease?) -> String {
        var text = "removed what \(origin(lease)) left"
        if removal.endedProcesses > 0 {
            text += ", and ended \(Quantity.count(removal.endedProcesses, "process", "processes"))"
        }
        return text
    }

    private static func isAreaName(_ name: [UInt8]) -> Bool {
        guard name.starts(with: StagingArea.prefix) else { return false }
        let digits = name.dropFirst(StagingArea.prefix.count)
        return digits.count == 16 && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
