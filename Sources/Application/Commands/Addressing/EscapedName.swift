import Formats

/// Names with bytes that cannot be typed: `\xHH` is a byte, `\\` a backslash. It is how names are printed, too.
enum EscapedName {
    /// The bytes of a written name; nil for another use of the backslash, a NUL, or a `/` by its number.
    static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "x"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
                guard let decoded = Hexadecimal.bytes(digits), decoded.count == 1 else { return nil }
                bytes += decoded
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        return bytes.contains(0) || bytes.contains(UInt8(ascii: "/")) ? nil : bytes
    }
}
