import Formats

/// Collects what is wrong while a policy is read.
final class PolicyMistakeList {
    private(set) var mistakes: [PolicyMistake] = []

    /// Notes a mistake.
    func add(_ sentence: String, at place: JSON5Place, hint: String? = nil) {
        mistakes.append(PolicyMistake(sentence, at: place, hint: hint))
    }

    /// Notes a mistake of one text.
    func add(_ text: PlacedText, _ sentence: String, hint: String? = nil) {
        add("`\(text.label)` \(sentence)", at: text.place, hint: hint)
    }

    /// In the order of the text; each once.
    var sorted: [PolicyMistake] {
        var seen: [PolicyMistake] = []
        let order = mistakes.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
        for (_, mistake) in order where seen.last != mistake { seen.append(mistake) }
        return seen
    }
}
