/// Every verb, in the order in which the help shows them.
enum CommandTable {
    static let all: [any Command] = [
        InitCommand(),
        KeyCommand(),
        BackupCommand(),
        SnapshotsCommand(),
        LsCommand(),
        FindCommand(),
        DiffCommand(),
        DumpCommand(),
        RestoreCommand(),
        CheckCommand(),
        DrillCommand(),
        ReportCommand(),
        PolicyCommand(),
        DoctorCommand(),
        CompletionCommand(),
        VersionCommand(),
        HelpCommand(),
    ]

    /// The verb of that name.
    static func command(_ name: String) -> (any Command)? { all.first { $0.name == name } }
}
