/// Whether the run should stop: a signal that arrived, or somebody's word. Asked once per chunk, entry or poll.
package protocol Cancellation: Sendable {
    /// Throws the reason to stop, if there is one.
    func check() throws
}
