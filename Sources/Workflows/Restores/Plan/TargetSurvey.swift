import DataSources
import Entries
import Glibc
import Platform
import Repositories
import Sealing

/// A look, which changes nothing, at what a restore would find in its target: what is right there already, what
/// differs, what it would remove.
package final class TargetSurvey: PlanVisitor {
    /// What a restore would do.
    package struct Counts: Sendable, Equatable {
        package var files = 0
        package var directories = 0
        package var others = 0
        /// Bytes of all files.
        package var bytes: UInt64 = 0
        /// Files and other entries that are in the target already, as they were saved.
        package var right = 0
        /// Items in the target that differ, and would be replaced.
        package var different = 0
        /// Items of the target that are not in the snapshot, and would be removed.
        package var extra = 0

        /// Counts nothing.
        package init() {}

        /// Adds the counts of another target.
        package mutating func add(_ other: Counts) {
            files += other.files
            directories += other.directories
            others += other.others
            bytes = bytes.addingReportingOverflow(other.bytes).partialValue
            right += other.right
            different += other.different
            extra += other.extra
        }
    }

    package private(set) var counts = Counts()
    /// The first items that differ, by their path in the target.
    package private(set) var named: [String] = []
    /// The first items that would be removed.
    package private(set) var namedExtra: [String] = []

    /// The selection's patterns that meant nothing.
    package private(set) var unused: [Finding] = []

    /// A directory of the target.
    final class Place {
        /// Nil where nothing is there yet.
        let directory: TargetDirectory?
        let path: [[UInt8]]
        var extras: ExtraNames?

        init(_ directory: TargetDirectory?, path: [[UInt8]], extras: ExtraNames? = nil) {
            self.directory = directory
            self.path = path
            self.extras = extras
        }
    }

    private let plan: RestorePlan
    private let view: TargetView?
    private let cancellation: any Cancellation
    private let reader: ChunkReader
    private let digest = Digest()
    private var buffer = Buffer(capacity: 1 << 20)
    /// How many items are named of each sort.
    package static let shownAtMost = 10

    /// Prepares a look at the plan's target.
    package init(
        _ plan: RestorePlan, repository: Repository, index: ChunkIndex, cancellation: any Cancellation
    ) throws {
        self.plan = plan
        self.cancellation = cancellation
        view = try TargetView(root: plan.target)
        reader = ChunkReader(repository, index: index, keeping: 8)
    }

    /// Whether there is nothing in the target at all, so that nobody need look again.
    package func targetIsEmpty() throws -> Bool { try (view?.root.names().count ?? 0) == 0 }

    /// Whether the target has something of this name.
    func targetHolds(_ name: [UInt8]) throws -> Bool { try view?.root.names().index(of: name) != nil }

    /// Looks at everything; with `brief` no longer than until enough is found that is in the way.
    package func run(brief: Bool = false) throws {
        let root = Place(view?.root, path: [], extras: try extras(of: view?.root, at: [], isChosen: true))
        var walk = PlanWalk(plan, reader: reader, cancellation: cancellation, visitor: self)
        try walk.run(in: root) { !brief || self.counts.different <= Self.shownAtMost }
        unused = walk.unused
    }

    /// Throws `.refused`, naming what is in the way.
    package func demandNothingInTheWay() throws {
        guard counts.different > 0 else { return }
        let more = counts.different > named.count ? " and more" : ""
        throw Failure(
            .refused,
            "\(printable(plan.target)) holds items that differ from the snapshot's: "
                + named.joined(separator: ", ") + more,
            hint: "restore into an empty directory, or say --overwrite if-changed or always")
    }

    // MARK: The walk

    func enter(_ item: TreeEntry, in place: Place, isChosen: Bool) throws -> Place? {
        counts.directories += 1
        let path = place.path + [item.entry.name]
        guard let directory = place.directory, let view else { return Place(nil, path: path) }
        return try unlessDamaged {
            switch try view.state(of: item.entry, in: directory) {
            case .absent: return Place(nil, path: path)
            case .different:
                note(path)
                return Place(nil, path: path)
            case .same:
                let below = try view.directory(item.entry, in: directory)
                return Place(below, path: path, extras: try extras(of: below, at: path, isChosen: isChosen))
            }
        }
    }

    func visit(_ item: TreeEntry, in place: Place) throws {
        if item.entry.kind == .file {
            counts.files += 1
            // What a snapshot claims may be any number.
            counts.bytes = counts.bytes.addingReportingOverflow(item.entry.size).partialValue
        } else {
            counts.others += 1
        }
        guard let directory = place.directory else { return }
        _ = try unlessDamaged { try look(item.entry, in: directory, place.path + [item.entry.name]) }
    }

    func has(_ name: [UInt8], in place: Place) throws {
        try place.extras?.upTo(name) { try noteExtra($0, in: place) }
    }

    func leave(_ place: Place, isWhole: Bool) throws {
        guard isWhole else { return }
        try place.extras?.rest { try noteExtra($0, in: place) }
    }

    /// What is damaged is for the restore itself to tell, item by item.
    func isDamaged(_ place: Place, _ error: any Error) throws {
        guard Failure(error).kind == .damaged else { throw error }
    }

    private func look(_ entry: Entry, in directory: TargetDirectory, _ path: [[UInt8]]) throws {
        guard let view else { return }
        switch try view.state(of: entry, in: directory) {
        case .absent: return
        case .different: return note(path)
        case .same: break
        }
        if entry.kind == .file, try directory.digest(ofFile: entry.name, digest, &buffer) != entry.digest {
            return note(path)
        }
        counts.right += 1
    }

    private func extras(of directory: TargetDirectory?, at path: [[UInt8]], isChosen: Bool) throws -> ExtraNames? {
        guard let directory, isChosen, plan.removesExtras(at: path.count),
            let root = view?.root, directory.sharesMount(with: root)
        else {
            return nil
        }
        return ExtraNames(try directory.names())
    }

    private func note(_ path: [[UInt8]]) {
        counts.different += 1
        if named.count < Self.shownAtMost { named.append(label(path)) }
    }

    private func noteExtra(_ name: [UInt8], in place: Place) throws {
        guard let directory = place.directory,
            case .remove = try plan.extras(cancellation).verdict(name, in: directory)
        else { return }
        counts.extra += 1
        if namedExtra.count < Self.shownAtMost { namedExtra.append(label(place.path + [name])) }
    }

    private func label(_ path: [[UInt8]]) -> String { printable(Array(path.joined(separator: [UInt8(ascii: "/")]))) }

    private func unlessDamaged<Answer>(_ body: () throws -> Answer?) throws -> Answer? {
        do { return try body() } catch let failure as Failure where failure.kind == .damaged { return nil }
    }
}
