import CLinux
import Glibc

extension Failure {
    /// The failure of a system call: what was tried, on which object, and what the kernel said.
    package static func system(_ action: String, _ object: String, errno code: Int32 = Glibc.errno) -> Failure {
        Failure(
            .failed, "cannot \(action) \(object)", hint: hint(for: code), cause: message(of: code), systemError: code)
    }

    /// The kernel's words for an `errno` value.
    package static func message(of code: Int32) -> String {
        var text = [CChar](repeating: 0, count: 256)
        let length = text.count
        unsafe linux_error_text(code, &text, length)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func hint(for code: Int32) -> String? {
        switch code {
        case ENOSPC, EDQUOT: "free some space there, then run the same command again"
        case EACCES, EPERM: "run salvor as a user who may do this"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case EROFS: "the file system is mounted read-only"
        default: nil
        }
    }
}

/// Calls the kernel, again after EINTR; throws what it says when it answers -1.
@inline(__always)
func call<Answer: SignedInteger>(
    _ action: String, _ object: @autoclosure () -> String, _ body: () -> Answer
) throws(Failure) -> Answer {
    while true {
        let answer = body()
        if answer != -1 { return answer }
        let code = errno
        if code == EINTR { continue }
        throw Failure.system(action, object(), errno: code)
    }
}

/// A file name or path, as bytes, for messages: valid UTF-8 as it is, everything else escaped as `\xHH`.
package func printable(_ bytes: [UInt8]) -> String {
    // Nearly every name is plain ASCII, and a listing is a million of them.
    if bytes.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\\") }) {
        return String(decoding: bytes, as: UTF8.self)
    }
    var text = ""
    var rest = bytes[...]
    while let byte = rest.first {
        if byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "\\") {
            text += byte == UInt8(ascii: "\\") ? "\\\\" : escaped(byte)
            rest = rest.dropFirst()
            continue
        }
        let width = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0
        if width > 0, rest.count >= width, let piece = String(validating: rest.prefix(width), as: UTF8.self),
            !piece.unicodeScalars.contains(where: steersTerminal)
        {
            text += piece
            rest = rest.dropFirst(width)
        } else {
            text += escaped(byte)
            rest = rest.dropFirst()
        }
    }
    return text
}

/// A NUL-terminated name for messages.
func printable(_ name: UnsafePointer<CChar>) -> String {
    unsafe printable(Array(UnsafeRawBufferPointer(start: name, count: strlen(name))))
}

/// Control characters beyond ASCII, and those that turn the direction of what follows: a name must not rewrite its
/// line.
private func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x80...0x9f, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
}

private func escaped(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.utf8.count == 1 ? "0" + digits : digits)
}
