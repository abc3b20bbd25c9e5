/// The names of the variables that hold a secret.
final class SecretVariables: @unchecked Sendable {
    private let lock = Lock()
    private var known: Set<String> = ["SALVOR_PASSWORD", "PGPASSWORD", "SALVOR_RECOVERY_KEY", "SALVOR_PING"]

    /// All of them.
    var names: Set<String> { lock.locked { known } }

    /// One more.
    func add(_ name: String) { lock.locked { _ = known.insert(name) } }
}
