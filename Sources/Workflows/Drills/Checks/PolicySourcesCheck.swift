import DataSources
import Formats
import Policies
import Reports

/// `policy.sources`: every source of the policy is in the snapshot, as the policy has it now. A source, or a database
/// of one, that was added and not backed up since is no part of what could be recovered.
enum PolicySourcesCheck {
    /// Compares what is promised with what came back.
    static func run(_ policy: Policy, _ sources: [StagedSystem.Source]) -> Report.Check {
        let missing = policy.sources.flatMap { wanted in
            guard let found = sources.first(where: { $0.name == wanted.name }) else {
                return ["\(wanted.name) is not in the snapshot"]
            }
            return differences(wanted, found)
        }
        let expected = Quantity.count(policy.sources.count, "source")
        return Report.Check(
            "policy.sources", source: "", result: missing.isEmpty ? .passed : .failed, gating: true, seconds: 0,
            detail: sources.map(\.name).joined(separator: ", "), expected: expected, origin: "the policy",
            actual: missing.isEmpty ? expected : Quantity.count(missing.count, "difference"), differing: missing,
            compared: UInt64(policy.sources.count))
    }

    private static func differences(_ wanted: SourcePolicy, _ found: StagedSystem.Source) -> [String] {
        switch (wanted.adapter, found.place) {
        case (.files(let files), .files):
            let (one, other) = (trimmed(files.root), trimmed(found.location))
            return one == other ? [] : ["\(wanted.name) is saved from \(one) now, and the snapshot is of \(other)"]
        case (.postgres(let server), .server):
            let there = Set(found.databases.map(\.name))
            return server.databases.filter { !there.contains($0) }
                .map { "the database \($0) of \(wanted.name) is not in the snapshot" }
        case (.files, .server): return ["\(wanted.name) is a directory now, and a database in the snapshot"]
        case (.postgres, .files): return ["\(wanted.name) is a database now, and a directory in the snapshot"]
        }
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
