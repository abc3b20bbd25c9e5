import Formats

/// Finds secrets that somebody wrote into a policy.
enum PolicySecrets {
    /// What to do instead.
    static let hint =
        "a policy holds no secret: for a database put it into ~/.pgpass or the file that PGPASSFILE names, "
        + "for a program into a file that it reads"

    /// Whether a text holds a password: an URL's, or one behind `password=`.
    static func holds(_ text: String) -> Bool {
        // What a placeholder stands for is no secret, and its braces may stand where a port does.
        let plain = (try? PlaceholderText(text).expanded { _ in "1" }) ?? text
        let lower = plain.lowercased()
        return LocationPassword.range(in: plain) != nil || LocationPassword.keyword(in: lower) != nil
    }

    /// Whether a variable is one for a password.
    static func isPassword(variable: String) -> Bool {
        let name = variable.uppercased()
        return ["PASSWORD", "PASSWD", "PASSPHRASE", "SALVOR_RECOVERY_KEY"].contains { name.hasSuffix($0) }
    }
}
