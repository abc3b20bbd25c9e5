/// Instants as RFC 3339 text in UTC, and back. The calendar is the proleptic Gregorian one, without leap seconds.
///
/// The days are counted as in H. Hinnant's "chrono-compatible low-level date algorithms" (2013).
package enum Timestamp {
    /// `2026-11-21T22:22:59Z`; with `nanoseconds` above 0 a fraction of as many digits as it needs (3, 6 or 9).
    package static func string(seconds: Int64, nanoseconds: UInt32 = 0) -> String {
        var (days, time) = seconds.quotientAndRemainder(dividingBy: 86400)
        if time < 0 {
            days -= 1
            time += 86400
        }
        let (year, month, dayOfMonth) = civil(days)
        var text = "\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))T"
        text += "\(pad(time / 3600, 2)):\(pad(time / 60 % 60, 2)):\(pad(time % 60, 2))"
        if nanoseconds > 0 {
            var fraction = pad(Int64(nanoseconds), 9)
            while fraction.hasSuffix("000") { fraction.removeLast(3) }
            text += "." + fraction
        }
        return text + "Z"
    }

    /// Reads what `string` writes, and any RFC 3339 text with a zone; nil for anything else.
    ///
    /// As in `string`, a year may have a minus sign, and more digits than four.
    package static func parse(_ text: String) -> (seconds: Int64, nanoseconds: UInt32)? {
        let all = Array(text.utf8)
        let negative = all.first == 0x2d
        let digits = all.dropFirst(negative ? 1 : 0).prefix { (0x30...0x39).contains($0) }
        guard (4...12).contains(digits.count), let magnitude = number(digits) else { return nil }
        // From here on everything has a fixed place: `-MM-DDTHH:MM:SS`, a fraction, a zone.
        let bytes = Array(all[digits.endIndex...])
        guard bytes.count >= 16, bytes[0] == 0x2d, bytes[3] == 0x2d, [0x54, 0x74, 0x20].contains(bytes[6]),
            bytes[9] == 0x3a, bytes[12] == 0x3a,
            let month = number(bytes[1..<3]), let day = number(bytes[4..<6]), let hour = number(bytes[7..<9]),
            let minute = number(bytes[10..<12]), let second = number(bytes[13..<15]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let year = negative ? -magnitude : magnitude
        let days = daysFromCivil(year, month, day)
        guard civil(days) == (year, month, day), let (nanoseconds, offset) = fractionAndZone(bytes[15...]) else {
            return nil
        }
        // The first and the last second of Int64 lie inside a day: only the sum must fit.
        let (begin, tooFar) = (days + (days < 0 ? 1 : 0)).multipliedReportingOverflow(by: 86400)
        let rest = hour * 3600 + minute * 60 + second - offset - (days < 0 ? 86400 : 0)
        let (seconds, outside) = begin.addingReportingOverflow(rest)
        return tooFar || outside ? nil : (seconds, nanoseconds)
    }

    private static func fractionAndZone(_ bytes: ArraySlice<UInt8>) -> (nanoseconds: UInt32, offset: Int64)? {
        guard bytes.first == 0x2e else { return zone(bytes).map { (0, $0) } }
        let digits = bytes.dropFirst().prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count), var value = number(digits), let offset = zone(bytes[digits.endIndex...])
        else { return nil }
        for _ in digits.count..<9 { value *= 10 }
        return (UInt32(value), offset)
    }

    private static func zone(_ bytes: ArraySlice<UInt8>) -> Int64? {
        if bytes.elementsEqual("Z".utf8) || bytes.elementsEqual("z".utf8) { return 0 }
        let digits = Array(bytes)
        guard digits.count == 6, digits[3] == 0x3a, digits[0] == 0x2b || digits[0] == 0x2d,
            let hours = number(digits[1..<3]), let minutes = number(digits[4..<6]), hours < 24, minutes < 60
        else { return nil }
        return (digits[0] == 0x2b ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        digits.allSatisfy { (0x30...0x39).contains($0) } ? Int64(String(decoding: digits, as: UTF8.self)) : nil
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func daysFromCivil(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
