import Formats
import Platform
import Storage

/// The recovery key as a sheet to print: all that a stranger needs on the worst day, with a key and no password.
enum RecoverySheet {
    /// Where the repository is, for somebody who stands elsewhere: the path from the root on, and the machine.
    static func place(_ location: StoreLocation, _ context: CommandContext) throws(Failure) -> String {
        guard location.scheme == "file" else { return location.description }
        return printable(try context.absolute(location.path)) + " on " + Host.name()
    }

    /// The sheet's text, without a line break at its end with a line break; no line is wider than 72 columns.
    static func text(key: String, location: String, identifier: String, made: Instant) -> String {
        let groups = key.split(separator: "-")
        let rows = stride(from: 0, to: groups.count, by: 3).map { groups[$0..<min($0 + 3, groups.count)] }
        let lines = rows.map { "      " + $0.joined(separator: " - ") }.joined(separator: "\n")
        let rule = String(repeating: "-", count: 72)
        return """
            \(rule)
            salvor recovery sheet

              repository  \(location)
              id          \(identifier)
              made        \(Timestamp.string(seconds: made.seconds))

              recovery key

            \(lines)

            Print this sheet and keep it away from this machine. The key is shown
            once and stored nowhere. Who has it and a copy of the repository can
            read everything in it; without it and without the password nobody can.

            To recover: install salvor, make the repository reachable, then
              salvor snapshots -r REPOSITORY
              salvor restore -r REPOSITORY latest --target DIRECTORY
            and type the key where the password is asked for. Capitals, hyphens
            and spaces do not matter.
            \(rule)
            """
    }
}
