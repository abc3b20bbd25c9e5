import Platform

/// What a comparison of a tree on disk with a captured one found. Any thread may add.
package final class FileDifferences: @unchecked Sendable {
    /// One entry that is not as it was captured.
    package struct Difference: Sendable, Equatable {
        /// The path from the tree's root.
        package var path: String
        /// What differs, in words.
        package var reason: String
    }

    /// How many differences are kept; all are counted.
    package static let kept = 100

    private let lock = Lock()
    private var comparedEntries: UInt64 = 0
    private var comparedBytes: UInt64 = 0
    private var found: UInt64 = 0
    private var named: [Difference] = []

    init() {}

    /// How many entries of the snapshot were compared.
    package var compared: UInt64 { lock.locked { comparedEntries } }
    /// How many bytes of files were hashed.
    package var bytes: UInt64 { lock.locked { comparedBytes } }
    /// How many entries differ, are missing, or should not be there.
    package var total: UInt64 { lock.locked { found } }
    /// The first hundred differences by path.
    package var differences: [Difference] { lock.locked { named.sorted { $0.path < $1.path } } }

    func count(bytes: UInt64 = 0) {
        lock.locked {
            comparedEntries += 1
            comparedBytes += bytes
        }
    }

    func add(_ path: @autoclosure () -> String, _ reason: String) {
        lock.locked {
            found += 1
            if named.count < Self.kept { named.append(Difference(path: path(), reason: reason)) }
        }
    }
}
