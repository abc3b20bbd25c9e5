import Platform
import Repositories

/// The frames that were opened and found right already: whoever reads their packs needs to hash them only. Any thread
/// may call.
final class VerifiedFrames: @unchecked Sendable {
    private let lock = Lock()
    private var frames: NumberSet

    /// For frames whose numbers are below `limit`.
    init(below limit: Int) { frames = NumberSet(below: limit) }

    func insert(_ frame: UInt32) { lock.locked { _ = frames.insert(Int(frame)) } }
    func contains(_ frame: UInt32) -> Bool { lock.locked { frames.contains(Int(frame)) } }
}
