import Formats
import Platform

/// Refuses command lines that hold a password: everyone on the machine can read them in the list of processes.
enum SecretGuard {
    /// Throws a usage failure, without the password, when one of the words has one.
    static func check(_ words: [[UInt8]]) throws(Failure) {
        for word in words where holdsPassword(String(decoding: word, as: UTF8.self)) {
            throw Failure(
                .usage,
                "the command line holds a password, in \(withoutPassword(String(decoding: word, as: UTF8.self)))",
                hint: "other users can see command lines: for a database put it into ~/.pgpass (or the file that "
                    + "PGPASSFILE names), for a repository use --password-file")
        }
    }

    /// Whether a location has a password in it: `scheme://user:password@host`, `…?password=…`, `postgres:password=…`.
    static func holdsPassword(_ text: String) -> Bool { LocationPassword.range(in: text) != nil }

    /// The location with `…` where the password is.
    static func withoutPassword(_ text: String) -> String {
        guard let range = LocationPassword.range(in: text) else { return text }
        return text[..<range.lowerBound] + "…" + text[range.upperBound...]
    }
}
