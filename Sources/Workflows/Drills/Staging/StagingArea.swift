import Formats
import Platform

/// The one place that a drill may write to: a directory of its own, which nobody else's drill touches and which goes
/// away with everything in it, even when the drill is killed.
///
/// Who owns an area is told by a lock on its directory, which the kernel lets go when the drill ends by whatever cause.
/// There is no instant at which an area could be left without an owner to be found: before it is locked it is empty,
/// and a sweep that takes it then makes its maker begin again under another name.
package final class StagingArea: Sendable {
    /// 16 hexadecimal digits, the drill's own.
    package let identifier: String
    /// The area's absolute path, without symlinks.
    package let path: [UInt8]
    private let directory: Directory
    private let parent: Directory
    private let name: [UInt8]
    private let elsewhere = Elsewhere()

    /// How the names of all areas begin.
    static let prefix = Array("salvor-drill-".utf8)

    /// Makes the area `salvor-drill-<identifier>` in `base`, which must exist; the lease is on the device when it
    /// returns. Root's areas may be passed through by other users (0711), since the server in them runs as one.
    package static func create(in base: [UInt8], identifier: String, clock: any Clock) throws(Failure) -> StagingArea {
        let parent: Directory
        do throws(Failure) { parent = try Directory(base) } catch {
            throw error.within(
                "the staging directory \(printable(base)) cannot be used",
                hint: "name a directory that exists with --staging")
        }
        let name = prefix + Array(identifier.utf8)
        for _ in 0..<100 {
            if let directory = try claim(name, in: parent) {
                let area = StagingArea(
                    identifier: identifier, path: try directory.canonicalPath(), directory: directory, parent: parent,
                    name: name)
                try area.writeLease(clock)
                try directory.permit(Host.userID == 0 ? 0o711 : 0o700)
                return area
            }
            Pause.sleep(seconds: 0.02)
        }
        throw Failure(.failed, "the staging area \(printable(name)) cannot be kept in \(printable(base))")
    }

    /// Makes and locks the directory; nil when a sweep took it in between.
    private static func claim(_ name: [UInt8], in parent: Directory) throws(Failure) -> Directory? {
        do throws(Failure) {
            try parent.makeDirectory(name, mode: 0o700)
            let directory = try Directory(name, in: parent)
            guard try directory.takeLock() else { return nil }
            let ours = try directory.status()
            let there = try parent.status(of: name)
            return (ours.device, ours.inode) == (there.device, there.inode) ? directory : nil
        } catch {
            if error.isAbsence || error.isNameTaken { return nil }
            throw error
        }
    }

    init(identifier: String, path: [UInt8], directory: Directory, parent: Directory, name: [UInt8]) {
        self.identifier = identifier
        self.path = path
        self.directory = directory
        self.parent = parent
        self.name = name
    }

    /// The variable that every program started for this drill has in its environment, so that none is missed at the
    /// end.
    package var mark: (name: String, value: String) { ("SALVOR_DRILL_ID", identifier) }

    /// The path of an item of the area.
    package func path(of item: String) -> [UInt8] { path + [UInt8(ascii: "/")] + Array(item.utf8) }

    /// Makes a directory in the area that only its owner may enter; `user` is nil for ourselves.
    package func makeDirectory(_ item: String, for user: StagingUser?) throws(Failure) {
        try directory.makeDirectory(Array(item.utf8), mode: 0o700)
        let made = try Directory(Array(item.utf8), in: directory)
        try made.permit(0o700)
        if let user { try made.give(toUser: user.user, group: user.group) }
    }

    /// Makes a directory for a server's socket that only `user` (nil for ourselves) may enter, and answers its path.
    ///
    /// A socket's path must fit into 107 bytes. Where the area lies too deep for that, the directory is made in an area
    /// of the same drill in `/tmp`, which every sweep visits too.
    package func makeSocketDirectory(
        _ item: String, for user: StagingUser?, clock: any Clock
    ) throws(Failure) -> [UInt8] {
        var place = self
        if path(of: item).count + "/.s.PGSQL.65535".utf8.count > 100 {
            if let short = elsewhere.area {
                place = short
            } else {
                place = try StagingArea.create(in: Self.shortDirectory, identifier: identifier, clock: clock)
                elsewhere.area = place
            }
        }
        try place.makeDirectory(item, for: user)
        return place.path(of: item)
    }

    /// Where the area of a socket is made when the drill's own lies too deep.
    package static let shortDirectory = Array("/tmp".utf8)

    /// Where areas are made when nobody says where: `$TMPDIR`, else `/var/tmp`, which keeps large things.
    package static var defaultDirectory: [UInt8] {
        let given = Environment.value("TMPDIR").map { Array($0.utf8) } ?? []
        return given.isEmpty ? Array("/var/tmp".utf8) : given
    }

    /// Ends every program of this drill that still runs, then removes the area. What cannot be removed is in the
    /// outcome.
    package func remove() -> StagingRemoval {
        var removal = elsewhere.area?.remove() ?? StagingRemoval()
        let (found, left) = StagingProcesses(area: path, identifier: identifier).end()
        removal.endedProcesses += found
        for process in left {
            removal.problems.append("process \(process), started for this drill, does not end (kill -9 \(process))")
        }
        removal.remove(name, in: parent, path: path)
        return removal
    }

    /// Ends every program of this drill, and leaves the rest to be looked into: for so many seconds, or until the next
    /// drill.
    package func keep(for seconds: Double?, clock: any Clock) -> StagingRemoval {
        var removal = StagingRemoval()
        let (found, left) = StagingProcesses(area: path, identifier: identifier).end()
        removal.endedProcesses = found
        for process in left {
            removal.problems.append("process \(process), started for this drill, does not end (kill -9 \(process))")
        }
        guard let seconds else { return removal }
        var lease = StagingLease.ours(drill: identifier, clock: clock)
        // A time beyond all reason is for good.
        lease.keptUntil = Instant(seconds: clock.now().seconds + Int64(min(seconds, 1e9)))
        do throws(Failure) { try FileTree.write(lease.text, to: path(of: "lease")) } catch {
            removal.problems.append("how long staging is kept could not be noted: \(error.description)")
        }
        return removal
    }

    private func writeLease(_ clock: any Clock) throws(Failure) {
        let lease = StagingLease.ours(drill: identifier, clock: clock)
        try FileTree.write(lease.text, to: path(of: "lease"))
        try directory.synchronise()
        try parent.synchronise()
    }

    /// The second area, where there is one. Set before any other thread could know this area.
    private final class Elsewhere: @unchecked Sendable {
        var area: StagingArea?
    }
}
