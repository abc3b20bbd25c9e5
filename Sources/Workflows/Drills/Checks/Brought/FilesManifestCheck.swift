import DataSources
import Formats
import Platform

/// `files.manifest`: every entry of the snapshot is there, with its bytes, and nothing else is.
package enum FilesManifestCheck: DrillCheck {
    package static let identifier = "files.manifest"
    package static let adapter = "files"
    package static let isGating = true
    package static let claims: Set<StagedDamage> = [.flippedByte, .removedFile]

    package static func run(_ subject: CheckSubject, cancellation: any Cancellation) throws -> CheckAnswer {
        guard case .files(let path) = subject.place else {
            throw Failure(.unverifiable, "\(subject.source) came back to no directory")
        }
        do throws(Failure) { _ = try FileStatus(of: path, following: false) } catch {
            throw Failure(
                .unverifiable, "nothing is left of \(subject.source) at \(printable(path))", cause: error.cause,
                systemError: error.systemError)
        }
        let promised = try entries(in: subject.tree.manifest())
        var comparison = FilesComparison(of: subject.tree, entry: subject.root, with: path, cancellation: cancellation)
        comparison.threads = subject.threads
        // Set-id and sticky bits are root's to give.
        comparison.comparesModes = Host.userID == 0
        let found = try comparison.run()
        // A directory's time changes with what is in it: what tells more comes first.
        let isTime = { (difference: FileDifferences.Difference) in difference.reason.contains("modification time") }
        let ordered = found.differences.filter { !isTime($0) } + found.differences.filter(isTime)
        var differing = ordered.map { "\($0.path) \($0.reason)" }
        let unnamed = found.total - UInt64(differing.count)
        // What is in a missing directory is not counted: only where nothing differs do the numbers say anything.
        if promised != found.compared, found.total == 0 {
            differing.insert(
                "the source held \(Quantity.count(promised, "entry", "entries")) when it was saved, the snapshot holds "
                    + Quantity.count(found.compared), at: 0)
        }
        return CheckAnswer(
            expected: Quantity.count(promised, "entry", "entries"),
            actual: differing.isEmpty
                ? Quantity.count(found.compared, "entry", "entries")
                : "\(Quantity.count(max(found.total, 1))) of \(Quantity.count(found.compared)) not as they were",
            detail: "\(Quantity.bytes(found.bytes)) hashed", differing: differing, unnamed: unnamed,
            compared: found.compared)
    }

    /// How many entries the walk counted, the root among them.
    private static func entries(in manifest: JSONValue) throws(Failure) -> UInt64 {
        var total: UInt64 = 0
        for kind in ["files", "directories", "symlinks", "other"] {
            guard let count = manifest[kind]?.whole.flatMap({ UInt64(exactly: $0) }) else {
                throw Failure(.damaged, "the manifest of a source of files lacks the number of its \(kind)")
            }
            total += count
        }
        return total
    }
}
