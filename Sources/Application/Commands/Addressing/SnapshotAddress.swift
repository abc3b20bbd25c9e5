import Platform

/// A SNAPSHOT of the command line: `latest`, `latest~N`, or the first digits of its identifier.
enum SnapshotAddress: Sendable, Equatable {
    /// The newest one, or the one `back` places before it.
    case latest(back: Int)
    /// At least four hexadecimal digits, lower case.
    case prefix(String)

    private static let digitsMin = 4
    private static let digitsMax = 32

    /// Reads one; every throw is a usage failure.
    static func parse(_ text: String) throws(Failure) -> SnapshotAddress {
        if text == "latest" { return .latest(back: 0) }
        if text.hasPrefix("latest~") {
            guard let back = Int(text.dropFirst("latest~".count)), back >= 0, !text.contains("+") else {
                throw Failure(
                    .usage, "`\(printable(Array(text.utf8)))` names no snapshot: behind ~ stands a whole number")
            }
            return .latest(back: back)
        }
        let digits = text.lowercased()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else {
            throw Failure(
                .usage, "`\(printable(Array(text.utf8)))` names no snapshot",
                hint:
                    "a snapshot is latest, latest~N, or 4 or more digits of what `salvor snapshots` shows"
            )
        }
        guard (digitsMin...digitsMax).contains(digits.utf8.count) else {
            throw Failure(
                .usage, "`\(digits)` names no snapshot: \(digitsMin) to \(digitsMax) digits are needed",
                hint: "`salvor snapshots` shows them")
        }
        return .prefix(digits)
    }

    /// As it is written on a command line.
    var text: String {
        switch self {
        case .latest(back: 0): "latest"
        case .latest(let back): "latest~\(back)"
        case .prefix(let digits): digits
        }
    }
}
