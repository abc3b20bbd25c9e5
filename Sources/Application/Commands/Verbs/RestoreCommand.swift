import DataSources
import Formats
import Platform
import Repositories

/// `salvor restore`: brings a snapshot, or a part of it, back.
struct RestoreCommand: Command {
    let name = "restore"
    let summary = "brings a snapshot, or a part of it, back"
    let explanation = [
        """
        A whole snapshot goes to DIR/NAME/… , each source under its name. Of SNAPSHOT:NAME/PATH a \
        directory's contents go into DIR, a file goes to DIR. A database becomes files in the same way, or \
        goes --into a server, where it is made when it is not there.
        """,
        """
        Nothing that exists is replaced unless --overwrite says so: a different item in the way is exit code \
        9, before anything is written. What could not be set as it was (owners, attributes, …) is reported. \
        A restore that was ended early goes on when the same command is run again.
        """,
        """
        A database that is being restored carries a comment that says so; one transaction at the end takes it away. \
        When a restore into a server was ended early, the same command knows its own unfinished databases by that, and \
        starts them over. No other database is dropped unless --overwrite always says so.
        """,
        """
        One table goes into a database beside what is there as NAME/DATABASE/tables/SCHEMA.TABLE, one schema as \
        NAME/DATABASE/tables/SCHEMA: with its indexes, constraints, sequences and rows, and the types and functions \
        that it needs and that are not there, in one transaction. A table that is there is exit code 9; --overwrite \
        always replaces it, unless something else depends on it.
        """,
        """
        Before anything is made in a server it is looked at: its version, extensions, roles, locales, rights, locks \
        and room. All that is in the way is told at once, as exit code 9; --dry-run looks, too, and makes nothing.
        """,
        """
        Patterns are those of gitignore, over paths from the item on, or from each source on: --include /etc/ \
        brings one directory, --exclude '*.log' leaves a kind of file out wherever it lies. --delete never \
        removes what a pattern excludes, what lies on another mount than the target, or the repository; of a \
        source that was not saved whole it removes nothing: exit code 9.
        """,
    ]
    let operands = [
        OperandSpecification("SNAPSHOT", help: "SNAPSHOT[:NAME[/PATH]]: latest, latest~N, or digits of its id")
    ]
    let options =
        [
            Self.target, Self.into, Self.original, Self.overwrite, Self.include, Self.exclude, Self.delete,
            Self.numericOwner, Self.globals, Self.ignorePreflight, Self.verify, Self.jobs, Self.dryRun,
        ]
        + SnapshotOptions.all
    let examples = [
        CommandExample("salvor restore -r /backup/shop latest --target /mnt/back", "everything, as files"),
        CommandExample("salvor restore -r /backup/shop latest:uploads/2026 --target /tmp/uploads", "one directory"),
        CommandExample(
            "salvor restore -r /backup/shop latest:db --into postgres://db2/shop", "a database, into a server"),
        CommandExample(
            "salvor restore -r /backup/shop latest:db/shop/tables/public.orders --into postgres://db2/shop",
            "one table, beside what is there"),
        CommandExample(
            "salvor restore -r /backup/shop latest:uploads --original --overwrite if-changed --dry-run",
            "what a repair in place would do"),
        CommandExample(
            "salvor restore -r /backup/shop latest:web --target /srv/web --overwrite if-changed --delete",
            "make a directory exactly what it was"),
    ]
    let failures: [FailureKind] = [.incomplete, .refused, .noRepository, .wrongKey, .damaged, .unreachable]
    let usesRepository = true
    let resultKeys = [
        "snapshot", "targets", "files", "directories", "links", "others", "left", "replaced", "removed", "resumed",
        "bytes", "bytesFetched", "databases", "tables", "rows", "verified", "findings", "durationSeconds", "dryRun",
    ]

    static let target = OptionSpecification("--target", letter: "t", value: "DIR", help: "restore into this directory")
    static let into = OptionSpecification(
        "--into", value: "ADDRESS",
        help: "restore a database into a server: postgres://HOST/DATABASE, or postgres://HOST/")
    static let original = OptionSpecification(flag: "--original", help: "put files back where they were")
    static let overwrite = OptionSpecification(
        "--overwrite", value: "WHEN", choices: ["never", "if-changed", "always"],
        help: "replace existing items that differ: never (when not given), if-changed, always")
    static let include = OptionSpecification(
        "--include", value: "PATTERN", repeats: true, help: "restore only what matches, and what lies in it")
    static let exclude = OptionSpecification(
        "--exclude", value: "PATTERN", repeats: true, help: "leave out what matches, and what lies in it")
    static let delete = OptionSpecification(
        flag: "--delete", help: "remove what lies in the restored directories and is not in the snapshot's")
    static let numericOwner = OptionSpecification(
        flag: "--numeric-owner", help: "owners by their numbers, not by the names that they had")
    static let globals = OptionSpecification(
        flag: "--globals", help: "with --into: the server's roles and their memberships first")
    static let ignorePreflight = OptionSpecification(
        flag: "--ignore-preflight",
        help: "with --into: go as far as the server can, though it lacks an extension, a role, a locale or room")
    static let verify = OptionSpecification(
        flag: "--verify",
        help: "with --into: read every row back from the server and compare it, and all definitions, with the source's")
    static let jobs = OptionSpecification(
        "--jobs", letter: "j", value: "N",
        help: "with --into: how many sessions load rows; the processors' number when not given")
    static let dryRun = OptionSpecification(flag: "--dry-run", help: "write nothing, and tell what would be written")

    func run(_ context: CommandContext) throws -> CommandOutcome {
        let request = try RestoreRequest(context)
        let (store, credential) = try context.access()
        // A key is derived from the password on one processor, for a good tenth of a second.
        let repository = try ThreadScope.run { scope in
            if case .server(let place) = request.place {
                scope.start("prepare") { PostgresRestore.prepare(into: place) }
            }
            return try context.open(store, credential: credential)
        }
        let record = try SnapshotList(repository, context.output).snapshot(
            request.item.snapshot, filter: request.filter)
        let index = try repository.loadIndex()
        guard case .server(let place) = request.place else {
            return try FilesRestoration(
                request: request, repository: repository, record: record, index: index, context: context
            ).run()
        }
        return try DatabaseRestoration(
            request: request, repository: repository, record: record, index: index, context: context
        ).run(into: place)
    }
}
