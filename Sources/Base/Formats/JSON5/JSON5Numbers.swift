/// Numbers of JSON5.
enum JSON5Numbers {
    /// Whether a number may begin so; `Infinity` and `NaN` without a sign are words.
    static func begins(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || scalar == "+" || scalar == "-" || scalar == "."
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }

    /// Reads a number; one begins here.
    static func number(_ text: inout JSON5Text) throws(JSON5Problem) -> JSON5Number {
        let place = text.place
        let start = text.position
        let isNegative = text.peek() == "-"
        if !text.take("+") { _ = text.take("-") }
        var number: JSON5Number?
        if text.peek() == "0", text.peek(1) == "x" || text.peek(1) == "X" {
            number = hexadecimal(&text, isNegative)
        } else if let scalar = text.peek(), JSON5Words.begins(scalar) {
            switch try JSON5Words.identifier(&text) {
            case "Infinity": number = JSON5Number(text: "", value: isNegative ? -.infinity : .infinity)
            case "NaN": number = JSON5Number(text: "", value: .nan)
            default: break
            }
        } else {
            number = decimal(&text, start)
        }
        // What touches the number belongs to what was meant.
        let end = text.position
        while let scalar = text.peek(), isDigit(scalar) || scalar == "." || JSON5Words.begins(scalar) { text.take() }
        let written = text.text(from: start)
        guard var number, text.position == end else {
            throw JSON5Problem("`\(written)` is no number", at: place, hint: hint(written))
        }
        number.text = written
        return number
    }

    private static func hint(_ written: String) -> String? {
        let digits = written.drop { $0 == "-" || $0 == "+" }
        if digits.hasPrefix("0"), digits.dropFirst().first?.isNumber == true { return "it begins with a zero too many" }
        return digits.first?.isNumber == true ? "with a unit it stands in quotes: \"\(written)\"" : nil
    }

    private static func hexadecimal(_ text: inout JSON5Text, _ isNegative: Bool) -> JSON5Number? {
        text.take()
        text.take()
        let start = text.position
        while let scalar = text.peek(), scalar.isASCII, Character(scalar).isHexDigit { text.take() }
        let digits = text.text(from: start)
        guard !digits.isEmpty, let value = Double("0x" + digits) else { return nil }
        return JSON5Number(
            text: "", value: isNegative ? -value : value, whole: Int64((isNegative ? "-" : "") + digits, radix: 16))
    }

    private static func decimal(_ text: inout JSON5Text, _ start: Int) -> JSON5Number? {
        let first = text.peek()
        let whole = digits(&text)
        guard whole == 1 || first != "0" else { return nil }
        var isWhole = true
        var fraction = 0
        if text.take(".") {
            isWhole = false
            fraction = digits(&text)
        }
        guard whole + fraction > 0 else { return nil }
        if let mark = text.peek(), mark == "e" || mark == "E" {
            isWhole = false
            text.take()
            if !text.take("+") { _ = text.take("-") }
            guard digits(&text) > 0 else { return nil }
        }
        let written = text.text(from: start)
        // Too large a number is infinite.
        guard let value = Double(written) else { return nil }
        return JSON5Number(text: "", value: value, whole: isWhole ? Int64(written) : nil)
    }

    private static func digits(_ text: inout JSON5Text) -> Int {
        var count = 0
        while isDigit(text.peek()) {
            text.take()
            count += 1
        }
        return count
    }
}
