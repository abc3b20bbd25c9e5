extension Quantity {
    /// The units of a written duration with their seconds, the longest first.
    private static let units: [(letter: UInt8, seconds: Double)] = [
        (UInt8(ascii: "w"), 604_800), (UInt8(ascii: "d"), 86_400), (UInt8(ascii: "h"), 3600),
        (UInt8(ascii: "m"), 60), (UInt8(ascii: "s"), 1),
    ]
    private static let digitsMax = 9

    /// The seconds that a person means by `90s`, `45m`, `6h`, `14d`, `9w`, or by a sum such as `1d12h`, the larger unit
    /// first. A day has 24 hours. Nil for anything else, also for a number without a unit.
    package static func seconds(written text: String) -> Double? {
        var rest = Array(text.utf8)[...]
        var allowed = units[...]
        var seconds = 0.0
        repeat {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...digitsMax).contains(digits.count), let number = Double(String(decoding: digits, as: UTF8.self)),
                let letter = rest.dropFirst(digits.count).first,
                let place = allowed.firstIndex(where: { $0.letter == letter })
            else { return nil }
            seconds += number * allowed[place].seconds
            allowed = allowed[(place + 1)...]
            rest = rest.dropFirst(digits.count + 1)
        } while !rest.isEmpty
        return seconds
    }
}
