import Platform
import Repositories
import Restores

/// Restores one snapshot of a vector repository to a folder.
enum VectorRestore {
    static func restore(_ repository: Repository, tag: String, to target: [UInt8]) throws -> RestoreOutcome {
        guard let record = try repository.records().first(where: { $0.tags.contains(tag) }) else {
            throw Failure(.failed, "no record with the tag \(tag)")
        }
        let index = try repository.loadIndex()
        let plan = RestorePlan.whole(
            record, target: target, overwrite: .never, numericOwner: true)
        return try RestoreRun(repository, index: index, plan: plan).run()
    }
}
