/// Where a secret is kept; a policy never holds one itself.
package enum SecretReference: Sendable, Equatable {
    /// The first line of a file; a relative path begins in the policy's directory.
    case file(String)
    /// A variable of the environment.
    case environment(String)
    /// The first line that a program writes. Its words, never a shell's line.
    case command([String])
}
