/// A JSON value with its keys in the order in which they were given.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One key and its value.
    package struct Member: Sendable, Equatable {
        package var key: String
        package var value: JSONValue

        /// Makes a member.
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a key, nil when this is no object or the key is missing. Keys are compared by their bytes.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The text, nil when this is no string.
    package var text: String? { if case .string(let text) = self { text } else { nil } }
    /// The truth value, nil when this is none.
    package var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The whole number, nil when this is none.
    package var whole: Int64? { if case .integer(let number) = self { number } else { nil } }
    /// The elements, nil when this is no array.
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members, nil when this is no object.
    package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    /// Any number as a floating one.
    package var real: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
    package init(nilLiteral: ()) { self = .null }

    /// A string, or null.
    package init(_ text: String?) { self = text.map { .string($0) } ?? .null }
    /// A whole number; one above `Int64.max` becomes a floating one.
    package init(_ number: some BinaryInteger) {
        self = Int64(exactly: number).map { .integer($0) } ?? .number(Double(number))
    }
    /// A number, or null.
    package init(_ number: Double?) { self = number.map { .number($0) } ?? .null }
}
