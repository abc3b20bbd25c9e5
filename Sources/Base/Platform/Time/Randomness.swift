/// Where randomness comes from, so that a simulation can own it.
package protocol Randomness: Sendable {
    /// `count` unpredictable bytes.
    func bytes(_ count: Int) -> [UInt8]
}
