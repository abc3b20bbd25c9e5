/// Sizes, durations and counts as a person reads them.
package enum Quantity {
    /// `1.4 GiB`, `312 KiB`, `17 B`: powers of 1024, three digits.
    package static func bytes(_ count: UInt64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var value = Double(count)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return (unit == 0 ? String(count) : threeDigits(value)) + " " + units[unit]
    }

    /// The bytes that a person means by `100M`, `4 KiB`, `17`: powers of 1024. Nil for anything else, also for `MB`, by
    /// which some mean powers of 1000.
    package static func bytes(written text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits) else { return nil }
        let unit = text[digits.endIndex...].drop { $0 == " " }.uppercased()
        guard !unit.isEmpty, unit != "B" else { return number }
        guard let power = ["K", "M", "G", "T", "P", "E"].firstIndex(where: { unit == $0 || unit == $0 + "IB" }) else {
            return nil
        }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: 1 << (10 * UInt64(power + 1)))
        return isTooLarge ? nil : bytes
    }

    /// `0.42 s`, `12.3 s`, `4 min 05 s`, `2 h 13 min`, `3 d 4 h`.
    package static func duration(seconds: Double) -> String {
        // Nothing in a report lasts longer than the universe; what claims to is told as it is.
        guard seconds.magnitude < 1e17 else { return "\(seconds) s" }
        if seconds < 0 { return "-" + duration(seconds: -seconds) }
        if seconds < 9.995 { return fixed(seconds, 2) + " s" }
        if seconds < 59.95 { return fixed(seconds, 1) + " s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
        if whole < 86400 { return "\(whole / 3600) h \(two(whole / 60 % 60)) min" }
        return "\(whole / 86400) d \(whole / 3600 % 24) h"
    }

    /// `51,204`: a comma every three digits.
    package static func count(_ number: some BinaryInteger) -> String {
        var text = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }

    /// A count with its noun: `1 file`, `2 files`.
    package static func count(_ number: some BinaryInteger, _ noun: String, _ plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// A number with exactly `digits` digits after the point.
    package static func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 1e19 else { return "\(value)" }
        let whole = UInt64(scaled)
        let text = String(whole)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.utf8.count)) + text
        let sign = value < 0 && whole > 0 ? "-" : ""
        return digits == 0 ? sign + padded : "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }

    private static func threeDigits(_ value: Double) -> String {
        fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
    }
    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
