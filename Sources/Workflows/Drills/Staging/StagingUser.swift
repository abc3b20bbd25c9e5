import Platform

/// The user that a throw-away server runs as when salvor runs as root: database servers refuse to be root.
package struct StagingUser: Sendable, Equatable {
    package var name: String
    package var user: UInt32
    package var group: UInt32

    /// The user to take: the one named; else, for root, `postgres` if it exists and `nobody` if not; nil for ourselves.
    package static func choose(named name: String?) throws(Failure) -> StagingUser? {
        guard let name else {
            guard Host.userID == 0 else { return nil }
            guard let found = find("postgres") ?? find("nobody") else {
                throw Failure(
                    .unverifiable, "there is no user to run a throw-away server as: neither postgres nor nobody exists",
                    hint: "name one with --staging-user")
            }
            return found
        }
        guard let found = find(name) else {
            throw Failure(.usage, "there is no user \(printable(Array(name.utf8))) on this machine")
        }
        if found.user == Host.userID, found.user != 0 { return nil }
        guard Host.userID == 0 else {
            throw Failure(.usage, "only root may run a server as another user (--staging-user \(found.name))")
        }
        guard found.user != 0 else {
            throw Failure(
                .usage, "a database server refuses to run as root (--staging-user \(found.name))",
                hint: "name an ordinary user")
        }
        return found
    }

    /// The words that start a program as this user, before the program's own.
    package var prefix: [String] {
        ["setpriv", "--reuid=\(user)", "--regid=\(group)", "--init-groups", "--no-new-privs", "--"]
    }

    private static func find(_ name: String) -> StagingUser? {
        Accounts.userNumbers(named: name).map { StagingUser(name: name, user: $0.user, group: $0.group) }
    }
}
