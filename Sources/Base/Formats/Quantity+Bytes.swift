extension Quantity {
    /// Reads a size as a person writes it: `512`, `10k`, `1.5 GiB`, `700MB`; nil for anything else.
    ///
    /// `k`, `M`, `G`, `T`, `P` and `E`, alone or with `iB`, are powers of 1024, and with `B` powers of 1000. Case does
    /// not matter. A fraction is rounded down to whole bytes.
    package static func bytes(_ text: String) -> UInt64? {
        let typed = Array(text.lowercased().utf8)
        let whole = typed.prefix(while: isDigit)
        var rest = typed.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            guard (1...9).contains(fraction.count) else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        guard (1...20).contains(whole.count), let number = UInt64(String(decoding: whole, as: UTF8.self)),
            let unit = unit(String(decoding: rest, as: UTF8.self))
        else { return nil }
        let (bytes, tooLarge) = number.multipliedReportingOverflow(by: unit)
        let (sum, beyond) = bytes.addingReportingOverflow(part(fraction, of: unit))
        return tooLarge || beyond ? nil : sum
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func unit(_ word: String) -> UInt64? {
        guard let letter = word.first, word != "b" else { return 1 }
        guard let power = "kmgtpe".firstIndex(of: letter).map({ "kmgtpe".distance(from: "k".startIndex, to: $0) + 1 })
        else { return nil }
        let base: UInt64
        switch word.dropFirst() {
        case "", "ib": base = 1024
        case "b": base = 1000
        default: return nil
        }
        return (0..<power).reduce(1) { unit, _ in unit * base }
    }

    /// `fraction` are the digits behind the point, nine at most.
    private static func part(_ fraction: ArraySlice<UInt8>, of unit: UInt64) -> UInt64 {
        var (digits, scale): (UInt64, UInt64) = (0, 1)
        for digit in fraction { (digits, scale) = (digits * 10 + UInt64(digit - 0x30), scale * 10) }
        let (high, low) = unit.multipliedFullWidth(by: digits)
        return scale.dividingFullWidth((high, low)).quotient
    }
}
