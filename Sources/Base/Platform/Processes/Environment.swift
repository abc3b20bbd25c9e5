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

    /// What a child that needs no secret gets: everything but the variables that hold salvor's and libpq's passwords.
    package static func withoutSecrets() -> [String: String] {
        all().filter { !["SALVOR_PASSWORD", "PGPASSWORD", "SALVOR_RECOVERY_KEY"].contains($0.key) }
    }
}
