/// What is where an entry shall go.
package enum TargetState: Sendable, Equatable {
    /// Nothing.
    case absent
    /// The same kind; for a file the same size, for a symlink the same target, for a device the same number. A
    /// directory is the same as any directory. Its bytes have not been looked at.
    case same
    /// Anything else.
    case different
}
