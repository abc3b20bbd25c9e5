/// A POSIX access control list in words, out of the form in which Linux keeps it as an attribute.
enum AccessListText {
    /// `user::rw-,user:1234:r--,group::r--,mask::rw-,other::---`; nil for what is no such list.
    static func text(_ value: [UInt8]) -> String? {
        guard value.count >= 4, value.count % 8 == 4, value[..<4].elementsEqual([2, 0, 0, 0]) else { return nil }
        var entries: [String] = []
        for start in stride(from: 4, to: value.count, by: 8) {
            let tag = UInt16(value[start]) | UInt16(value[start + 1]) << 8
            let number = (0..<4).reduce(UInt32(0)) { $0 | UInt32(value[start + 4 + $1]) << (8 * UInt32($1)) }
            guard let who = who(tag, number), value[start + 2] <= 7, value[start + 3] == 0 else { return nil }
            let bits = value[start + 2]
            entries.append(
                "\(who):\(bits & 4 != 0 ? "r" : "-")\(bits & 2 != 0 ? "w" : "-")\(bits & 1 != 0 ? "x" : "-")")
        }
        return entries.isEmpty ? nil : entries.joined(separator: ",")
    }

    private static func who(_ tag: UInt16, _ number: UInt32) -> String? {
        switch tag {
        case 0x01: "user:"
        case 0x02: "user:\(number)"
        case 0x04: "group:"
        case 0x08: "group:\(number)"
        case 0x10: "mask:"
        case 0x20: "other:"
        default: nil
        }
    }
}
