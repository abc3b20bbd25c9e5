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

    /// What a child that needs no secret gets: everything but the variables that hold salvor's and libpq's passwords,
    /// those that a policy names for one, and the address that is told how runs end.
    package static func withoutSecrets(_ variables: [String: String] = all()) -> [String: String] {
        let names = secrets.names
        return variables.filter { !names.contains($0.key) }
    }

    /// Keeps a variable, by which a policy says the password, from all children from now on.
    package static func keepSecret(_ name: String) { secrets.add(name) }

    private static let secrets = SecretVariables()
}
