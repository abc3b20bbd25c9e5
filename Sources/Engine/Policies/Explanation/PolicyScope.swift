import Formats

/// What of a system a policy saves, where, and what it leaves out.
enum PolicyScope {
    /// Each source.
    static func saved(_ policy: Policy) -> [String] {
        let together =
            policy.sources.count > 1
            ? ["The system \(policy.name) has \(policy.sources.count) sources, saved together as one snapshot."]
            : ["The system \(policy.name) has one source."]
        return together
            + policy.sources.map { source in
                switch source.adapter {
                case .files(let files): "\(source.name): \(saved(files))"
                case .postgres(let server): "\(source.name): \(saved(server))"
                }
            }
    }

    private static func saved(_ files: FilesPolicy) -> String {
        var text = "all files below \(files.root)"
        if !files.exclude.isEmpty {
            text += ", but for what the patterns \(PolicyExplanation.list(files.exclude)) mean"
        }
        if files.excludeCaches { text += "; of a directory that is marked as a cache only the mark" }
        if files.oneFileSystem { text += "; other file systems that are mounted below it are left out" }
        return text + "."
    }

    private static func saved(_ server: PostgresPolicy) -> String {
        let databases =
            if server.allDatabases {
                "every database"
            } else if server.databases.isEmpty {
                "the database"
            } else {
                (server.databases.count == 1 ? "the database " : "the databases ")
                    + PolicyExplanation.list(server.databases)
            }
        var text = "\(databases) of the PostgreSQL server that `\(server.connect)` names, as of one instant"
        if server.allDatabases || server.databases.count > 1 { text += " each" }
        text += ": definitions, rows, sequences and large objects"
        text += server.globals ? "; and the server's roles." : "."
        if !server.exclude.isEmpty {
            let several = server.exclude.count > 1
            text += " The rows of \(PolicyExplanation.list(server.exclude)) are left out; "
            text += several ? "their definitions are saved." : "its definition is saved."
        }
        return text
    }

    /// The repository, and its password.
    static func kept(_ policy: Policy) -> [String] {
        let place =
            switch policy.repository.password {
            case .file(let path): "the first line of the file \(path)"
            case .environment(let name): "in the variable \(name)"
            case .command(let words): "what the program \(words.first ?? "") writes"
            }
        return [
            "Snapshots go into the repository \(policy.repository.url), compressed and encrypted; what is there "
                + "already is not stored again.",
            "The password is \(place). Without it, and without the recovery key, nobody can read a snapshot.",
            "This version deletes no snapshot: the repository grows.",
        ]
    }

    /// What nobody may believe to be covered.
    static func uncovered(_ policy: Policy) -> [String] {
        var sentences: [String] = []
        for source in policy.sources {
            switch source.adapter {
            case .files(let files):
                if !files.exclude.isEmpty {
                    sentences.append(
                        "\(source.name): what \(PolicyExplanation.list(files.exclude)) mean is in no snapshot.")
                }
            case .postgres(let server):
                for table in server.exclude {
                    sentences.append(
                        "\(source.name): the rows of \(table) are in no snapshot. A recovered system has that table "
                            + "empty, and no drill compares it.")
                }
                if !server.globals {
                    sentences.append(
                        "\(source.name): roles and their memberships are in no snapshot; they must be there before a "
                            + "restore, or owners and rights are lost. A drill has nothing but the snapshot, and "
                            + "fails where something belongs to another role than the superuser.")
                }
                if server.allDatabases || server.databases.count > 1 {
                    sentences.append(
                        "\(source.name): the databases are as of instants right after one another, not of the same one."
                    )
                }
            }
        }
        if policy.sources.count > 1 {
            sentences.append(
                "Sources are saved one beside the other, not at the same instant: what one says of another may be a "
                    + "little older or newer.")
        }
        return sentences + [
            "A policy starts nothing by itself: backups and drills run when cron, a timer or a person runs them.",
            "A drill tests one machine's staging, not the network, the names, the certificates and the secrets of "
                + "production.",
        ]
    }
}
