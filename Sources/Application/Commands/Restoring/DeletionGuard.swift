import DataSources
import Formats
import Platform
import Policies
import Repositories
import Restores
import Storage

/// What keeps `--delete` from removing the only copy of something.
struct DeletionGuard {
    let context: CommandContext

    /// What no restore removes: the repository, the file of its password, the policy, and the directories above them.
    func protected() throws -> Set<FileIdentity> {
        var places: [[UInt8]] = []
        let location = try context.storeLocation()
        if location.scheme == "file" { places.append(try context.absolute(location.path)) }
        if let path = context.arguments.bytes(GlobalOptions.passwordFile) { places.append(try context.absolute(path)) }
        if let policy = try context.policy() {
            places.append(try context.absolute(policy.path))
            if case .file(let path) = policy.repository.password {
                places.append(try context.absolute(Array(path.utf8), in: policy))
            }
        }
        var found: Set<FileIdentity> = []
        for place in places {
            guard var path = try? FileTree.resolve(place) else { continue }
            while path.count > 1, let status = try? FileStatus(of: path, following: true) {
                found.insert(FileIdentity(status))
                path = Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
            }
        }
        return found
    }

    /// Throws `.refused` when a source of the snapshot is not whole: what it lacks would look like something that was
    /// not there.
    func demandWhole(_ source: SnapshotRecord.Source, _ tree: SnapshotTree) throws {
        let hint = "restore without \(RestoreCommand.delete.name), and remove by hand what is too much"
        guard source.missing.isEmpty else {
            throw Failure(
                .refused, "\(source.name) could not be saved whole, so nothing is removed that it does not have",
                hint: hint, cause: source.missing[0])
        }
        let selection = try tree.manifest()["selection"]
        let leftOut = selection?["leftOut"]?["entries"]?.whole ?? 0
        let isPart = selection?["filesFrom"].map { $0 != .null } ?? false
        guard leftOut == 0, !isPart else {
            throw Failure(
                .refused,
                "\(source.name) was saved in part, as its backup was told, so nothing is removed that it does not have",
                hint: hint)
        }
    }
}
