import Glibc

/// Who and where we are.
package enum Host {
    /// The machine's name.
    package static func name() -> String {
        var text = [CChar](repeating: 0, count: 256)
        let length = text.count - 1
        _ = unsafe gethostname(&text, length)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The effective user's number.
    package static var userID: UInt32 { geteuid() }
    /// The effective group's number.
    package static var groupID: UInt32 { getegid() }
    /// This process's number.
    package static var processID: Int32 { getpid() }
    /// How many processors this process may use.
    package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
    /// The effective user's name, or its number in digits.
    package static func userName() -> String { Accounts.userName(geteuid()) ?? String(geteuid()) }
}
