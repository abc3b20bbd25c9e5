/// Strings and identifiers of JSON5.
enum JSON5Words {
    /// Whether an identifier may begin so.
    static func begins(_ scalar: Unicode.Scalar) -> Bool { scalar == "\\" || isStart(scalar) }

    private static func isStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber: true
        default: scalar == "$" || scalar == "_"
        }
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: true
        default: isStart(scalar) || scalar == "\u{200c}" || scalar == "\u{200d}"
        }
    }

    /// Reads an identifier; one begins here.
    static func identifier(_ text: inout JSON5Text) throws(JSON5Problem) -> String {
        var word = String.UnicodeScalarView()
        while let scalar = text.peek(), scalar == "\\" || isPart(scalar) {
            let place = text.place
            text.take()
            guard scalar == "\\" else {
                word.append(scalar)
                continue
            }
            guard text.take("u") else { throw JSON5Problem("a key may be escaped by \\uHHHH only", at: place) }
            let escaped = try self.scalar(&text, at: place)
            guard word.isEmpty ? isStart(escaped) : isPart(escaped) else {
                throw JSON5Problem("\(JSON5Parser.shown(escaped)) cannot stand in a key without quotes", at: place)
            }
            word.append(escaped)
        }
        return String(word)
    }

    /// Reads a string; its quote is here.
    static func string(_ text: inout JSON5Text) throws(JSON5Problem) -> String {
        let open = text.place
        let quote = text.take()
        var string = String.UnicodeScalarView()
        while true {
            let place = text.place
            guard let scalar = text.take(), scalar != "\n", scalar != "\r" else {
                throw JSON5Problem(
                    "this text is not closed on its line", at: open,
                    hint: "close it by \(quote.map(JSON5Parser.shown) ?? ""), or end the line with a backslash")
            }
            if scalar == quote { return String(string) }
            if scalar != "\\" {
                string.append(scalar)
            } else if let escaped = try escaped(&text, at: place) {
                string.append(escaped)
            }
        }
    }

    /// What stands for the escape whose backslash is behind us; nil for a line that goes on.
    private static func escaped(
        _ text: inout JSON5Text, at place: JSON5Place
    ) throws(JSON5Problem) -> Unicode.Scalar? {
        let scalar = text.take()
        switch scalar {
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{b}"
        case "x": return Unicode.Scalar(UInt8(try number(&text, digits: 2, at: place)))
        case "u": return try self.scalar(&text, at: place)
        case "\r":
            _ = text.take("\n")
            return nil
        case "\n", "\u{2028}", "\u{2029}": return nil
        case "0" where !isDigit(text.peek()): return "\0"
        case let digit where isDigit(digit):
            throw JSON5Problem("a backslash before a digit means nothing", at: place, hint: "write \\xHH or \\\\")
        case nil: throw JSON5Problem("the text ends behind a backslash", at: place)
        default: return scalar
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }

    /// The scalar of `\uHHHH`, or of two that are a surrogate pair; the first `u` is behind us.
    private static func scalar(_ text: inout JSON5Text, at place: JSON5Place) throws(JSON5Problem) -> Unicode.Scalar {
        let half = JSON5Problem("this is half of a surrogate pair", at: place)
        let first = try number(&text, digits: 4, at: place)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, text.peek() == "\\", text.peek(1) == "u" else { throw half }
        text.take()
        text.take()
        let second = try number(&text, digits: 4, at: place)
        guard (0xdc00...0xdfff).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + second - 0xdc00)
        else { throw half }
        return scalar
    }

    private static func number(
        _ text: inout JSON5Text, digits: Int, at place: JSON5Place
    ) throws(JSON5Problem) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = text.peek(), scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
                throw JSON5Problem("this escape needs \(digits) hexadecimal digits", at: place)
            }
            text.take()
            number = number << 4 | UInt32(digit)
        }
        return number
    }
}
