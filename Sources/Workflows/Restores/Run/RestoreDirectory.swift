import DataSources
import Platform
import Synchronization

/// A directory that is being restored; it is finished when everything in it is, by whichever thread is last.
final class RestoreDirectory: @unchecked Sendable {
    let target: TargetDirectory
    /// Changes only when this object goes away.
    private var parent: RestoreDirectory?
    private let open = Atomic<Int>(1)
    /// The names in it that the snapshot may not have, when those are to be removed; for the walking thread alone.
    var extras: ExtraNames?

    init(_ target: TargetDirectory, in parent: RestoreDirectory?, extras: ExtraNames? = nil) {
        self.target = target
        self.parent = parent
        self.extras = extras
        parent?.retain()
    }

    deinit {
        // A long chain of parents would be released by as long a recursion: it is taken apart link by link.
        var above = parent
        parent = nil
        while isKnownUniquelyReferenced(&above), let directory = above {
            let next = directory.parent
            directory.parent = nil
            above = next
        }
    }

    /// Whether it is the target itself.
    var isRoot: Bool { parent == nil }

    /// One more thing in it is under way.
    func retain() { open.add(1, ordering: .relaxed) }

    /// One thing in it is done; the last one finishes the directory, and is one thing of the one above.
    func release(_ writer: FileTreeWriter, _ ledger: RestoreLedger) throws {
        var next: RestoreDirectory? = self
        while let directory = next, directory.open.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
            do { try writer.finish(directory.target) } catch { try ledger.miss(directory.label, error) }
            next = directory.parent
        }
    }

    /// The path from the target, for messages.
    var label: String { target.path.map { printable($0) }.joined(separator: "/") }
}
