/// Instants as RFC 3339 text in UTC, and back. The calendar is the proleptic Gregorian one, without leap seconds.
///
/// The days are counted as in H. Hinnant's "chrono-compatible low-level date algorithms" (2013).
package enum Timestamp {
    /// `2026-11-21T22:22:59Z`; with `nanoseconds` above 0 a fraction of as many digits as it needs (3, 6 or 9).
    package static func string(seconds: Int64, nanoseconds: UInt32 = 0) -> String {
        let day = (Double(seconds) / 86400).rounded(.down)
        let days = Int64(day)
        let time = seconds - days * 86400
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
    package static func parse(_ text: String) -> (seconds: Int64, nanoseconds: UInt32)? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2d, bytes[7] == 0x2d, [0x54, 0x74, 0x20].contains(bytes[10]),
            bytes[13] == 0x3a, bytes[16] == 0x3a,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = daysFromCivil(year, month, day)
        guard civil(days) == (year, month, day) else { return nil }
        var position = 19
        var nanoseconds: UInt32 = 0
        if bytes[position] == 0x2e {
            let end = bytes[(position + 1)...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
            let digits = bytes[(position + 1)..<end]
            guard !digits.isEmpty, digits.count <= 9, let value = number(digits) else { return nil }
            nanoseconds =
                UInt32(value)
                * [1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000][9 - digits.count]
            position = end
        }
        guard let offset = zone(bytes[position...]) else { return nil }
        return (days * 86400 + hour * 3600 + minute * 60 + second - offset, nanoseconds)
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
