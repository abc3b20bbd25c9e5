import DataSources
import Platform
import Synchronization

/// A directory that is being restored; it is finished when everything in it is, by whichever thread is last.
final class RestoreDirectory: Sendable {
    let target: TargetDirectory
    private let parent: RestoreDirectory?
    private let open = Atomic<Int>(1)

    init(_ target: TargetDirectory, in parent: RestoreDirectory?) {
        self.target = target
        self.parent = parent
        parent?.retain()
    }

    /// One more thing in it is under way.
    func retain() { open.add(1, ordering: .relaxed) }

    /// One thing in it is done; the last one finishes the directory and tells the one above.
    func release(_ writer: FileTreeWriter, _ ledger: RestoreLedger) throws {
        guard open.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        do { try writer.finish(target) } catch { try ledger.miss(label, error) }
        try parent?.release(writer, ledger)
    }

    private var label: String { target.path.map { printable($0) }.joined(separator: "/") }
}
