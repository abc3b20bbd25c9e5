/// The options that every verb understands, before it or behind it.
enum GlobalOptions {
    static let repository = OptionSpecification(
        "--repository", letter: "r", value: "URL", variable: "SALVOR_REPOSITORY",
        help: "the repository: a folder")
    static let passwordFile = OptionSpecification(
        "--password-file", value: "FILE",
        help: "read the password from the first line of FILE")
    static let passwordCommand = OptionSpecification(
        "--password-command", value: "COMMAND",
        help: "run COMMAND (split at spaces, no shell) and take the first line that it writes")
    static let policy = OptionSpecification(
        "--policy", letter: "p", value: "FILE", variable: "SALVOR_POLICY",
        help: "take the repository, the place of its password and the system from a policy")
    static let quiet = OptionSpecification(
        flag: "--quiet", letter: "q", help: "no progress and no summary: only what was asked for, and problems")
    static let json = OptionSpecification(
        flag: "--json", help: "write JSON, one object a line; the last one is the result")
    static let help = OptionSpecification(flag: "--help", letter: "h", help: "show the help of the verb")
    static let version = OptionSpecification(flag: "--version", help: "show the version")

    /// Those that say which repository, and how to open it.
    static let access = [repository, policy, passwordFile, passwordCommand]
    /// Those that make sense with every verb.
    static let common = [quiet, json, help]
    /// All of them.
    static let all = access + common + [version]
}
