import Platform
import Policies
import Storage

/// What a policy says where the command line says nothing.
extension CommandContext {
    /// The policy that `--policy` or `SALVOR_POLICY` names, nil when none is named. All its mistakes are thrown at
    /// once, as `PolicyMistakes`.
    func policy() throws -> Policy? {
        guard let path = arguments.bytes(GlobalOptions.policy) else { return nil }
        return try policyFile.policy(path, workingDirectory: workingDirectory)
    }

    /// The directory that the policy's relative paths begin in.
    private func directory(of policy: Policy) throws(Failure) -> [UInt8] {
        let path = try absolute(policy.path)
        return Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
    }

    /// A path of the policy, from the root on.
    func absolute(_ path: [UInt8], in policy: Policy) throws(Failure) -> [UInt8] {
        try AbsolutePath.of(path, workingDirectory: try directory(of: policy))
    }

    /// Where the policy keeps the repository; nil without a policy, and where the command line names another place. A
    /// variable does not: who gives a policy means it.
    func policyLocation() throws -> StoreLocation? {
        guard !arguments.isExplicit(GlobalOptions.repository), let policy = try policy() else { return nil }
        let location = try StoreLocation(policy.repository.url)
        guard location.scheme == "file" else { return location }
        return StoreLocation(folder: try absolute(location.path, in: policy))
    }

    /// Where the policy keeps the password; nil without a policy.
    func policyPassword() throws -> PasswordSource.Reference? {
        guard let policy = try policy() else { return nil }
        switch policy.repository.password {
        case .file(let path): return .file(try absolute(Array(path.utf8), in: policy))
        case .environment(let name):
            Environment.keepSecret(name)
            return .variable(name)
        case .command(let words): return .command(words)
        }
    }
}
