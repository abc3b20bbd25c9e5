/// The forms that names in a policy have.
enum PolicyNames {
    /// Whether it names a system or a started program: `[a-z0-9][a-z0-9-]*`, at most 40 bytes.
    static func isSystem(_ name: String) -> Bool { fits(name, bytesMax: 40, lowerOnly: true) { $0 == 0x2d } }

    /// Whether it names a source: 1 to 63 of `a-z 0-9 . _ -`, beginning with a letter or digit.
    static func isSource(_ name: String) -> Bool {
        fits(name, bytesMax: 63, lowerOnly: true) { [0x2e, 0x5f, 0x2d].contains($0) }
    }

    /// Whether it names a check: like a source, upper case too.
    static func isCheck(_ name: String) -> Bool {
        fits(name, bytesMax: 63, lowerOnly: false) { [0x2e, 0x5f, 0x2d].contains($0) }
    }

    /// Whether it names a user of the machine.
    static func isUser(_ name: String) -> Bool {
        fits(name, bytesMax: 32, lowerOnly: false, begins: { $0 == 0x5f }) { [0x2e, 0x5f, 0x2d].contains($0) }
    }

    /// Whether it names a variable of an environment.
    static func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return fits(name, bytesMax: 255, lowerOnly: false, begins: { $0 == 0x5f }) { $0 == 0x5f }
    }

    private static func fits(
        _ name: String, bytesMax: Int, lowerOnly: Bool, begins: (UInt8) -> Bool = { _ in false },
        also: (UInt8) -> Bool
    ) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || !lowerOnly && (0x41...0x5a).contains(byte)
        }
        guard let first = name.utf8.first, name.utf8.count <= bytesMax, isAlphanumeric(first) || begins(first) else {
            return false
        }
        return name.utf8.allSatisfy { isAlphanumeric($0) || also($0) }
    }
}

/// The same forms in words.
extension PolicyNames {
    static let systemForm = "a name has 1 to 40 of a-z 0-9 - and begins with a letter or digit"
    static let sourceForm = "a name has 1 to 63 of a-z 0-9 . _ - and begins with a letter or digit"
    static let checkForm = "a name has 1 to 63 of A-Z a-z 0-9 . _ - and begins with a letter or digit"
    static let variableForm = "a variable's name has letters, digits and _, and begins with no digit"
}
