import Platform

/// The names of users and groups, each looked up once: a look-up may ask a directory service. Any thread may ask.
final class OwnerNames: @unchecked Sendable {
    private let lock = Lock()
    private var users: [UInt32: String] = [:]
    private var groups: [UInt32: String] = [:]

    /// The names of both; empty where the system knows none.
    func names(user: UInt32, group: UInt32) -> (user: String, group: String) {
        lock.locked {
            (Self.name(user, in: &users, Accounts.userName), Self.name(group, in: &groups, Accounts.groupName))
        }
    }

    private static func name(
        _ number: UInt32, in known: inout [UInt32: String], _ look: (UInt32) -> String?
    ) -> String {
        if let name = known[number] { return name }
        let name = look(number) ?? ""
        known[number] = name
        return name
    }
}
