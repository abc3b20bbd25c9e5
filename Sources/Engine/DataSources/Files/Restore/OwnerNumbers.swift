import Entries
import Platform

/// The numbers that owners have on this system, each name looked up once. Any thread may ask.
final class OwnerNumbers: @unchecked Sendable {
    private let numeric: Bool
    private let lock = Lock()
    private var users: [String: UInt32?] = [:]
    private var groups: [String: UInt32?] = [:]

    /// With `numeric` the numbers of the entry hold, whatever the names say.
    init(numeric: Bool) { self.numeric = numeric }

    /// Owner and group for an entry: by name, and by number where the name is empty or not known here.
    func numbers(for entry: Entry) -> (user: UInt32, group: UInt32) {
        if numeric { return (entry.user, entry.group) }
        return lock.locked {
            let user = Self.number(entry.userName, in: &users) { Accounts.userNumbers(named: $0)?.user }
            let group = Self.number(entry.groupName, in: &groups) { Accounts.groupNumber(named: $0) }
            return (user ?? entry.user, group ?? entry.group)
        }
    }

    private static func number(
        _ name: String, in known: inout [String: UInt32?], _ look: (String) -> UInt32?
    ) -> UInt32? {
        if name.isEmpty { return nil }
        if let number = known[name] { return number }
        // A name with a NUL can come only from a forged snapshot, and is nobody's.
        let number = name.utf8.contains(0) ? nil : look(name)
        known[name] = .some(number)
        return number
    }
}
