import Formats
import TestDoubles

/// Values that a seed makes up, for both readers of JSON.
enum RandomJSON {
    static func value(_ random: SeededRandomness, depth: Int) -> JSONValue {
        switch random.next(below: depth < 4 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(random.next(below: 2) == 0)
        case 2: return .integer(Int64(bitPattern: random.next()) >> Int64(random.next(below: 64)))
        case 3:
            let number = Double(bitPattern: random.next())
            return .number(number.isFinite ? number : 0.5)
        case 4, 5: return .string(text(random))
        case 6: return .array((0..<random.next(below: 5)).map { _ in value(random, depth: depth + 1) })
        default:
            return .object(
                (0..<random.next(below: 5)).map { .init("\($0)" + text(random), value(random, depth: depth + 1)) }
            )
        }
    }

    static func text(_ random: SeededRandomness) -> String {
        var made = ""
        for _ in 0..<random.next(below: 12) {
            let limit = [0x80, 0x800, 0x10000, 0x110000][random.next(below: 4)]
            if let scalar = Unicode.Scalar(UInt32(random.next(below: limit))) { made.unicodeScalars.append(scalar) }
        }
        return made
    }
}
