import DataSources
import Entries
import Platform
import Repositories
import Sealing

/// Looks, before anything is written, at what is in the way of a restore.
package struct TargetInspection {
    /// Whether there is nothing in the target at all, so that nobody need look again.
    package let isEmpty: Bool
    private var inTheWay: [String] = []
    private let target: String

    private static let shownAtMost = 10

    /// Looks. Under `.never` every item is compared with what is in its place.
    package init(_ plan: RestorePlan, repository: Repository, index: ChunkIndex, cancellation: any Cancellation) throws
    {
        target = printable(plan.target)
        guard let view = try TargetView(root: plan.target), try view.root.names().count > 0 else {
            isEmpty = true
            return
        }
        isEmpty = false
        guard plan.overwrite == .never else { return }
        let reader = ChunkReader(repository, index: index, keeping: 8)
        let digest = Digest()
        var buffer = Buffer(capacity: 1 << 20)
        // Levels in an array, not on the stack: a tree may be deeper than that.
        var levels: [(cursor: TreeCursor, directory: TargetDirectory)] = []
        var found: [String] = []
        func look(_ item: TreeEntry, in directory: TargetDirectory) throws {
            try cancellation.check()
            let entry = item.entry
            let state = try view.state(of: entry, in: directory)
            if state == .absent { return }
            if state == .different { return found.append(directory.printablePath(of: entry.name)) }
            if entry.kind == .file, try directory.digest(ofFile: entry.name, digest, &buffer) != entry.digest {
                return found.append(directory.printablePath(of: entry.name))
            }
            guard entry.kind == .directory, let content = item.content,
                let below = try view.directory(entry, in: directory)
            else { return }
            levels.append((try TreeCursor(content, reader: reader), below))
        }
        for item in plan.roots {
            try Self.skippingDamage { try look(item, in: view.root) }
            while let level = levels.last, found.count <= Self.shownAtMost {
                let child = try Self.skippingDamage { try level.cursor.next() } ?? nil
                guard let child else {
                    levels.removeLast()
                    continue
                }
                try Self.skippingDamage { try look(child, in: level.directory) }
            }
        }
        inTheWay = found
    }

    /// What is damaged is for the restore itself to tell, item by item.
    @discardableResult
    private static func skippingDamage<Answer>(_ body: () throws -> Answer) throws -> Answer? {
        do { return try body() } catch let failure as Failure where failure.kind == .damaged { return nil }
    }

    /// Throws `.refused`, naming what is in the way.
    package func demandNothingInTheWay() throws {
        guard !inTheWay.isEmpty else { return }
        let shown = inTheWay.prefix(Self.shownAtMost).joined(separator: ", ")
        throw Failure(
            .refused,
            "\(target) holds items that differ from the snapshot's: \(shown)"
                + (inTheWay.count > Self.shownAtMost ? " and more" : ""),
            hint: "restore into an empty directory, or say --overwrite if-changed or always")
    }
}
