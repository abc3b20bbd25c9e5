import Formats
import Platform

/// One object of a policy while it is read: every question about a key says itself what is wrong with the answer.
struct PolicyObject {
    /// The keys by which it is reached: `drill.checks[2]`; empty at the top.
    let path: String
    let place: JSON5Place
    let mistakes: PolicyMistakeList
    let members: [JSON5Value.Member]

    /// Takes a value as an object that may have these keys only; nil when it is none. Without `keys` any may come.
    init?(_ value: JSON5Value, path: String, keys: [String]?, _ mistakes: PolicyMistakeList) {
        guard let members = value.members else {
            Self.wrongType(value, path.isEmpty ? "the policy" : "`\(path)`", "an object in braces", mistakes)
            return nil
        }
        self.path = path
        self.place = value.place
        self.mistakes = mistakes
        self.members = members
        if let keys { refuseOthers(than: keys) }
    }

    private func refuseOthers(than keys: [String]) {
        for member in members where !keys.contains(member.key) {
            let name = PlacedText.shown(label(member.key))
            if PolicyKeys.later.contains(member.key) {
                mistakes.add(
                    "`\(name)` is not in this version", at: member.place,
                    hint: "leave it out: a rule that is read and not kept would be a lie")
                continue
            }
            let meant = Suggestion.nearest(to: member.key, among: keys)
            let other = PolicyKeys.home(of: member.key).map { "`\(member.key)` is a key of \($0)" }
            mistakes.add(
                "`\(name)` is no key of a policy", at: member.place,
                hint: meant.map { "did you mean `\($0)`?" } ?? other
                    ?? "here may stand \(keys.joined(separator: ", "))")
        }
    }

    /// The way to a key.
    func label(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of a key, nil when there is none.
    func value(_ key: String) -> JSON5Value? { members.first { $0.key == key }?.value }

    /// Whether the key is there.
    func has(_ key: String) -> Bool { value(key) != nil }

    /// The value of a key that must be there.
    func required(_ key: String) -> JSON5Value? {
        if let value = value(key) { return value }
        mistakes.add("`\(label(key))` is missing", at: place)
        return nil
    }

    /// A text; one with a NUL, or an empty one, is a mistake.
    func text(_ key: String, required: Bool = false, mayBeEmpty: Bool = false) -> PlacedText? {
        guard let value = required ? self.required(key) : value(key) else { return nil }
        return text(value, label(key), mayBeEmpty: mayBeEmpty)
    }

    /// A value as a text.
    func text(_ value: JSON5Value, _ label: String, mayBeEmpty: Bool = false) -> PlacedText? {
        guard case .string(let text) = value.content else {
            Self.wrongType(value, "`\(label)`", "text in quotes", mistakes)
            return nil
        }
        let placed = PlacedText(text: text, place: value.place, label: label)
        if text.isEmpty, !mayBeEmpty {
            mistakes.add(placed, "is empty")
        } else if text.utf8.contains(0) {
            mistakes.add(placed, "holds a NUL, which no program can be given")
        } else {
            return placed
        }
        return nil
    }

    /// The elements of a list, with the way to each.
    func elements(_ key: String, required: Bool = false) -> [(value: JSON5Value, label: String)]? {
        guard let value = required ? self.required(key) : value(key) else { return nil }
        guard case .array(let elements) = value.content else {
            Self.wrongType(value, "`\(label(key))`", "a list in brackets", mistakes)
            return nil
        }
        return elements.enumerated().map { ($1, "\(label(key))[\($0)]") }
    }

    /// A list of texts, without those that are none.
    func texts(_ key: String, required: Bool = false, mayBeEmpty: Bool = false) -> [PlacedText]? {
        elements(key, required: required)?.compactMap { text($0.value, $0.label, mayBeEmpty: mayBeEmpty) }
    }

    /// A truth value.
    func flag(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if case .bool(let flag) = value.content { return flag }
        Self.wrongType(value, "`\(label(key))`", "true or false", mistakes)
        return nil
    }

    /// A finite number.
    func number(_ value: JSON5Value, _ label: String) -> JSON5Number? {
        guard case .number(let number) = value.content else {
            Self.wrongType(value, "`\(label)`", "a number", mistakes)
            return nil
        }
        if number.value.isFinite { return number }
        mistakes.add("`\(label)` is \(PlacedText.shown(number.text)), and no finite number", at: value.place)
        return nil
    }

    /// A finite number of a key.
    func number(_ key: String) -> JSON5Number? { value(key).flatMap { number($0, label(key)) } }

    /// A whole number within a range.
    func whole(_ key: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let value = value(key), let number = number(value, label(key)) else { return nil }
        if let whole = number.whole, range.contains(whole) { return whole }
        mistakes.add(
            "`\(label(key))` is a whole number from \(range.lowerBound) to \(range.upperBound), and not "
                + PlacedText.shown(number.text), at: value.place)
        return nil
    }

    /// A duration in seconds, longer than none.
    func duration(_ key: String, required: Bool = false) -> Double? {
        guard let value = required ? self.required(key) : value(key) else { return nil }
        let hint = "write it with its unit, such as 90s, 45m, 6h, 14d, 9w or 1d12h"
        if case .number(let number) = value.content {
            let text = PlacedText.shown(number.text)
            mistakes.add("`\(label(key))` has no unit: \(text) of what?", at: value.place, hint: hint)
            return nil
        }
        guard let text = text(value, label(key)) else { return nil }
        if let seconds = Quantity.seconds(written: text.text) {
            if seconds > 0 { return seconds }
            mistakes.add(text, "lasts no time at all")
        } else if text.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            mistakes.add(text, "has no unit: \(text.shown) of what?", hint: hint)
        } else {
            mistakes.add(text, "cannot be `\(text.shown)`", hint: hint)
        }
        return nil
    }

    /// Says that a value is of another type than is needed.
    static func wrongType(_ value: JSON5Value, _ name: String, _ wanted: String, _ mistakes: PolicyMistakeList) {
        let found =
            switch value.content {
            case .null: "null"
            case .bool: "a truth value"
            case .number: "a number"
            case .string: "a text"
            case .array: "a list"
            case .object: "an object"
            }
        mistakes.add("\(PlacedText.shown(name)) must be \(wanted), and this is \(found)", at: value.place)
    }
}
