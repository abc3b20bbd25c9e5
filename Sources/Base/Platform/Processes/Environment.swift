import Glibc

/// The variables that salvor was started with.
package enum Environment {
    /// One variable, nil when it is not set.
    package static func value(_ name: String) -> String? {
        let text = CString(name)
        guard let found = unsafe getenv(text.pointer) else { return nil }
        return unsafe String(cString: found)
    }

    /// All variables.
    package static func all() -> [String: String] {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            unsafe next += 1
        }
        return variables
    }

    /// The absolute path of the working directory; `/` when it was removed.
    package static func workingDirectory() -> [UInt8] {
        guard let text = unsafe getcwd(nil, 0) else { return [UInt8(ascii: "/")] }
        defer { unsafe free(text) }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// What a child that needs no secret gets: everything but the variables that hold salvor's and libpq's passwords.
    package static func withoutSecrets() -> [String: String] {
        all().filter { !["SALVOR_PASSWORD", "PGPASSWORD", "SALVOR_RECOVERY_KEY"].contains($0.key) }
    }
}

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
    /// This process's number.
    package static var processID: Int32 { getpid() }
    /// How many processors this process may use.
    package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
    /// The effective user's name, or its number in digits.
    package static func userName() -> String { Accounts.userName(geteuid()) ?? String(geteuid()) }
}
