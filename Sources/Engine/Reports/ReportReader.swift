import Formats
import Platform

/// One object of a stored report, whose members must be there and be what they should; says which is not.
struct ReportReader {
    private let value: JSONValue
    private let path: String

    init(_ value: JSONValue, path: String) {
        self.value = value
        self.path = path
    }

    func text(_ key: String) throws(Failure) -> String {
        guard let text = try required(key).text else { throw problem(key, "no text") }
        return text
    }

    func optionalText(_ key: String) throws(Failure) -> String? {
        try required(key) == .null ? nil : text(key)
    }

    func real(_ key: String) throws(Failure) -> Double {
        guard let number = try required(key).real else { throw problem(key, "no number") }
        return number
    }

    func optionalReal(_ key: String) throws(Failure) -> Double? {
        try required(key) == .null ? nil : real(key)
    }

    func number<Number: FixedWidthInteger>(_ key: String) throws(Failure) -> Number {
        let found = try required(key)
        if let whole = found.whole, let number = Number(exactly: whole) { return number }
        // Above Int64.max a whole number was written as a floating one, and the largest was rounded up.
        if let real = found.real, let number = Number(exactly: real) { return number }
        if let real = found.real, real == Double(Number.max) { return .max }
        throw problem(key, "no number of this range")
    }

    func optionalNumber<Number: FixedWidthInteger>(_ key: String) throws(Failure) -> Number? {
        try required(key) == .null ? nil : number(key)
    }

    func flag(_ key: String) throws(Failure) -> Bool {
        guard let flag = try required(key).flag else { throw problem(key, "neither true nor false") }
        return flag
    }

    func instant(_ key: String) throws(Failure) -> Instant {
        guard let parts = Timestamp.parse(try text(key)) else { throw problem(key, "no RFC 3339 time") }
        return Instant(seconds: parts.seconds, nanoseconds: parts.nanoseconds)
    }

    func texts(_ key: String) throws(Failure) -> [String] {
        let texts = try elements(key).compactMap(\.text)
        guard texts.count == (try elements(key).count) else { throw problem(key, "no list of texts") }
        return texts
    }

    func list(_ key: String) throws(Failure) -> [ReportReader] {
        try elements(key).enumerated().map { ReportReader($1, path: "\(path)\(key)[\($0)].") }
    }

    func member(_ key: String) throws(Failure) -> ReportReader {
        ReportReader(try required(key), path: "\(path)\(key).")
    }

    func optionalFlag(_ key: String) throws(Failure) -> Bool? {
        try required(key) == .null ? nil : flag(key)
    }

    /// The object of a key; nil for null.
    func optionalMember(_ key: String) throws(Failure) -> ReportReader? {
        try required(key) == .null ? nil : member(key)
    }

    func problem(_ key: String, _ what: String) -> Failure {
        Failure(.failed, "the stored report cannot be read: \(path)\(key) is \(what)")
    }

    private func elements(_ key: String) throws(Failure) -> [JSONValue] {
        guard let elements = try required(key).elements else { throw problem(key, "no list") }
        return elements
    }

    private func required(_ key: String) throws(Failure) -> JSONValue {
        guard let found = value[key] else { throw problem(key, "missing") }
        return found
    }
}
