import DataSources
import Platform

/// Where a worker's time goes, by the directories at the top of what is restored. One for each worker, used by its
/// thread alone.
struct LoadTally {
    private let clock: any Clock
    private var places: [[[UInt8]]: RestoreOutcome.Place] = [:]
    private var current: [[UInt8]] = []
    private weak var directory: RestoreDirectory?
    private var mark: Double

    /// How many levels below the target are told apart: the source, and what is directly in it.
    private static let levels = 2
    /// So many directories are told apart; what comes then is counted as the rest.
    private static let placesMax = 4096

    init(_ clock: any Clock) {
        self.clock = clock
        mark = clock.monotonicSeconds()
    }

    /// What passed until now was waiting, and belongs to nobody.
    mutating func begin() { mark = clock.monotonicSeconds() }

    /// What passed since the last call, and `bytes`, belong to an item of `directory`.
    mutating func add(_ bytes: UInt64, in directory: RestoreDirectory) {
        if directory !== self.directory {
            self.directory = directory
            let path = Array(directory.target.path.prefix(Self.levels))
            current = places[path] != nil || places.count < Self.placesMax ? path : []
        }
        let now = clock.monotonicSeconds()
        places[current, default: .init(path: current)].add(seconds: now - mark, bytes: bytes)
        mark = now
    }

    /// Puts what was counted to that of other workers.
    func merge(into outcome: inout RestoreOutcome) {
        for (path, place) in places {
            outcome.places[path, default: .init(path: path)].add(seconds: place.seconds, bytes: place.bytes)
        }
    }
}
