import Platform

/// Something about a server that would keep what is restored from being what it was.
struct PostgresObstacle: Sendable, Equatable {
    /// `shop: extension postgis`, …
    var object: String
    /// What is in the way, without the object.
    var sentence: String
    /// What can be done about it.
    var hint: String?
    /// Whether nothing can be restored past it; else a restore may go as far as it can.
    var isAbsolute = false

    /// One failure that tells all of them; nil when there are none.
    static func failure(_ obstacles: [PostgresObstacle], at place: PostgresLocation) -> Failure? {
        guard let first = obstacles.first else { return nil }
        let away = "nothing was made; --ignore-preflight restores as far as the server can"
        let ending = obstacles.contains(where: \.isAbsolute) ? "nothing was made" : away
        if obstacles.count == 1 {
            let hint = first.isAbsolute ? first.hint : [first.hint, ending].compactMap(\.self).joined(separator: "; ")
            return Failure(.refused, first.words, hint: hint)
        }
        var hints: [String] = []
        for hint in obstacles.compactMap(\.hint) where !hints.contains(hint) { hints.append(hint) }
        return Failure(
            .refused, "\(obstacles.count) things at \(place.text) are in the way of the restore",
            hint: (hints + [ending]).joined(separator: "; "),
            cause: obstacles.map(\.words).joined(separator: "; "))
    }

    /// Object and sentence together.
    private var words: String { isAbsolute ? sentence : "\(object): \(sentence)" }
}
