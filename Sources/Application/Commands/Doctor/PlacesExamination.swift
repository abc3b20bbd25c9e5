import Drills
import Formats
import Platform
import Reports

/// Looks at places of this machine: staging, what killed drills left in it, and the password file.
struct PlacesExamination {
    /// Where drills stage.
    let staging: [UInt8]
    /// The file that the password is read from, nil when it is none.
    let passwordFile: [UInt8]?
    /// Whether what was left is to be removed.
    let sweeps: Bool
    /// Bytes of data in the largest of the newest snapshots; nil when that is unknown.
    let largest: UInt64?

    /// All of it.
    func run() -> [Diagnosis] { leftovers() + room() + password() }

    private func leftovers() -> [Diagnosis] {
        let places = [staging, StagingArea.shortDirectory]
        guard sweeps else {
            let found = StagingSweep.abandoned(in: places)
            return found.isEmpty
                ? [.ok("staging", "no drill left anything behind")]
                : found.map {
                    .problem(
                        "staging", .leftBehind, "\($0.object) was \($0.sentence)",
                        "`salvor doctor --sweep` removes it, and so does the next drill")
                }
        }
        let outcome = StagingSweep.run(in: places)
        let removed = outcome.removed.map { Diagnosis.ok("staging", "\($0.object): \($0.sentence)") }
        let left = outcome.leftovers.map {
            Diagnosis.problem("staging", .leftBehind, $0, "remove it by hand")
        }
        return removed.isEmpty && left.isEmpty ? [.ok("staging", "there was nothing to sweep")] : removed + left
    }

    private func room() -> [Diagnosis] {
        let place = printable(staging)
        do throws(Failure) {
            let free = try FreeSpace.bytes(at: staging)
            let text = "\(Quantity.bytes(free)) are free in \(place)"
            guard let largest, free < largest + largest / 5 else { return [.ok("space", text + ", for drills")] }
            return [
                .warning(
                    "space", "\(text), and a drill of \(Quantity.bytes(largest)) of data needs more",
                    "make room, or name another directory with --staging")
            ]
        } catch {
            return [
                .problem(
                    "space", .unverifiable, "drills cannot stage in \(place): \(error.description)",
                    "name another directory with --staging, or TMPDIR")
            ]
        }
    }

    private func password() -> [Diagnosis] {
        guard let passwordFile else { return [] }
        let file = printable(passwordFile)
        // A file that cannot be read is told by whoever needs the password.
        guard let status = try? FileStatus(of: passwordFile, following: true), status.isRegular else { return [] }
        let mine = status.user == Host.userID || status.user == 0
        guard status.permissions & 0o077 == 0, mine else {
            let who = mine ? "others than its owner may use" : "somebody else owns"
            return [
                .warning(
                    "password", "\(who) the password file \(file)",
                    mine ? "chmod 600 \(file)" : "chown it to the user that runs salvor, and chmod 600 it")
            ]
        }
        return [.ok("password", "only its owner may read \(file)")]
    }
}
