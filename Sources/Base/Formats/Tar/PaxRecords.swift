/// The records of an extended header: what the old one has no place for.
struct PaxRecords {
    private(set) var bytes: [UInt8] = []

    /// What a member needs.
    init(of member: TarMember) {
        let path = UstarBlock.path(of: member)
        if !UstarBlock.fits(path) { append("path", path) }
        if member.target.count > UstarBlock.nameBytes { append("linkpath", member.target) }
        if member.stored > UstarBlock.largeMax { append("size", member.stored) }
        if UInt64(member.user) > UstarBlock.smallMax { append("uid", UInt64(member.user)) }
        if UInt64(member.group) > UstarBlock.smallMax { append("gid", UInt64(member.group)) }
        if member.userName.utf8.count > UstarBlock.ownerBytes { append("uname", Array(member.userName.utf8)) }
        if member.groupName.utf8.count > UstarBlock.ownerBytes { append("gname", Array(member.groupName.utf8)) }
        let isPlain = member.nanoseconds == 0 && member.seconds >= 0
        if !isPlain || UInt64(member.seconds) > UstarBlock.largeMax {
            append("mtime", Self.time(member.seconds, member.nanoseconds))
        }
        if member.sparse != nil {
            append("GNU.sparse.major", 1)
            append("GNU.sparse.minor", 0)
            append("GNU.sparse.name", member.path)
            append("GNU.sparse.realsize", member.size)
        }
        for attribute in member.attributes { append(attribute) }
    }

    /// An attribute, and an access control list in words as well: GNU tar sets those with --acls only.
    private mutating func append(_ attribute: TarMember.Attribute) {
        let lists = ["system.posix_acl_access": "SCHILY.acl.access", "system.posix_acl_default": "SCHILY.acl.default"]
        if let key = lists[String(decoding: attribute.name, as: UTF8.self)],
            let text = AccessListText.text(attribute.value)
        {
            append(key, Array(text.utf8))
        }
        // A = would end the key.
        var name: [UInt8] = []
        for byte in attribute.name {
            switch byte {
            case UInt8(ascii: "%"): name += Array("%25".utf8)
            case UInt8(ascii: "="): name += Array("%3D".utf8)
            default: name.append(byte)
            }
        }
        append(Array("SCHILY.xattr.".utf8) + name, attribute.value)
    }

    private mutating func append(_ key: String, _ number: UInt64) { append(key, Array(String(number).utf8)) }

    private mutating func append(_ key: String, _ value: [UInt8]) { append(Array(key.utf8), value) }

    /// A record begins with its own length in digits, which count too.
    private mutating func append(_ key: [UInt8], _ value: [UInt8]) {
        let rest = key.count + value.count + 3
        var length = rest
        while rest + String(length).utf8.count != length { length = rest + String(length).utf8.count }
        bytes += Array(String(length).utf8) + [UInt8(ascii: " ")] + key + [UInt8(ascii: "=")]
        bytes += value
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A time as a decimal number: half a second before 1970 is -0.5.
    static func time(_ seconds: Int64, _ nanoseconds: UInt32) -> [UInt8] {
        var whole = seconds.magnitude
        var fraction = nanoseconds
        if seconds < 0, nanoseconds > 0 { (whole, fraction) = (whole - 1, 1_000_000_000 - nanoseconds) }
        var text = (seconds < 0 ? "-" : "") + String(whole)
        if fraction > 0 {
            var digits = String(fraction + 1_000_000_000).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return Array(text.utf8)
    }
}
