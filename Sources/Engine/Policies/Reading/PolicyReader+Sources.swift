import DataSources
import Formats
import Platform

/// The sources of a policy.
extension PolicyReader {
    private static let adapters = ["files", "postgres"]

    /// Reads all sources into `sources`.
    func readSources(_ value: JSON5Value) {
        guard let all = PolicyObject(value, path: "sources", keys: nil, mistakes) else { return }
        if all.members.isEmpty { mistakes.add("`sources` names nothing that is saved", at: value.place) }
        for member in all.members {
            let label = PlacedText.shown("sources.\(member.key)")
            if !PolicyNames.isSource(member.key) {
                mistakes.add("`\(label)` cannot name a source", at: member.place, hint: PolicyNames.sourceForm)
            } else if member.key.split(separator: ".").first.map({ Placeholder.reservedNames.contains(String($0)) })
                == true
            {
                mistakes.add(
                    "`\(label)` cannot name a source: placeholders begin with that word", at: member.place)
            }
            guard let adapter = adapter(member, label) else {
                unclear.insert(member.key)
                continue
            }
            if sources.contains(where: { $0.name == member.key }) { continue }
            sources.append(SourcePolicy(name: member.key, adapter: adapter))
        }
    }

    private func adapter(_ member: JSON5Value.Member, _ label: String) -> SourcePolicy.Adapter? {
        guard let any = PolicyObject(member.value, path: label, keys: nil, mistakes),
            let adapter = any.text("adapter", required: true)
        else { return nil }
        switch adapter.text {
        case "files":
            return PolicyObject(member.value, path: label, keys: PolicyKeys.files, mistakes).map { .files(files($0)) }
        case "postgres":
            return PolicyObject(member.value, path: label, keys: PolicyKeys.postgres, mistakes).map {
                .postgres(postgres($0))
            }
        default:
            let meant = Suggestion.nearest(to: adapter.text, among: Self.adapters)
            mistakes.add(
                adapter, "is `\(adapter.shown)`, and there is no such adapter",
                hint: meant.map { "did you mean \"\($0)\"?" } ?? "there are \(Self.adapters.joined(separator: ", "))")
            return nil
        }
    }

    // MARK: Files

    private func files(_ object: PolicyObject) -> FilesPolicy {
        let root = object.text("root", required: true)
        if let root { checkAbsolute(root) }
        var files = FilesPolicy(root: root?.text ?? "/")
        for text in object.texts("exclude") ?? [] {
            checkPattern(text, root: root?.text ?? "")
            files.exclude.append(text.text)
        }
        files.excludeCaches = object.flag("excludeCaches") ?? false
        files.oneFileSystem = object.flag("oneFileSystem") ?? false
        return files
    }

    /// Refuses a path that depends on where salvor is started, or that only the file system can follow.
    func checkAbsolute(_ path: PlacedText) {
        if path.text.utf8.first != UInt8(ascii: "/") {
            mistakes.add(path, "is a relative path: `\(path.shown)`", hint: "write it from the root on: /…")
        } else if path.text.split(separator: "/").contains("..") {
            mistakes.add(path, "has a component `..`", hint: "write the path that is meant")
        }
    }

    private func checkPattern(_ text: PlacedText, root: String) {
        do throws(PatternProblem) {
            let pattern = try PathPattern(Array(text.text.utf8))
            let names = root.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
            guard pattern.beginsWithSlash, !names.isEmpty, pattern.literalStart.starts(with: names) else { return }
            mistakes.add(
                text, "begins with the place of its source, and would leave out nothing",
                hint: "a pattern begins at the source's root")
        } catch {
            mistakes.add(text, "cannot be used as a pattern: \(PlacedText.shown(error.sentence))", hint: error.hint)
        }
    }

    // MARK: PostgreSQL

    private func postgres(_ object: PolicyObject) -> PostgresPolicy {
        let connect = object.text("connect", required: true)
        let location = connect.flatMap { self.location($0) }
        var server = PostgresPolicy(connect: connect?.text ?? "postgres:")
        readDatabases(object, &server)
        if let connect, let location { checkConflicts(connect, location, object) }
        server.globals = object.flag("globals") ?? true
        for table in object.texts("exclude") ?? [] {
            let names = table.text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            if names.count != 2 || names.contains("") {
                mistakes.add(
                    table, "is `\(table.shown)`, and no table with its schema",
                    hint: "write SCHEMA.TABLE: public.audit_log")
            } else if server.exclude.contains(table.text) {
                mistakes.add(table, "is `\(table.shown)`, which is in the list already")
            }
            server.exclude.append(table.text)
        }
        return server
    }

    private func location(_ connect: PlacedText) -> PostgresLocation? {
        if !PostgresLocation.recognises(connect.text) {
            let isURI = connect.text.contains("://")
            mistakes.add(
                connect,
                isURI ? "is the address of something else" : "is no address of a database, which begins with postgres:",
                hint: "write postgres:service=shop, postgres:host=/run/postgresql, or postgres://HOST/DATABASE"
            )
            return nil
        }
        if PolicySecrets.holds(connect.text) {
            mistakes.add(connect, "holds a password", hint: PolicySecrets.hint)
            return nil
        }
        do throws(Failure) { return try PostgresLocation(connect.text) } catch {
            mistakes.add(connect, "cannot be used: \(PlacedText.shown(error.sentence))", hint: error.hint)
            return nil
        }
    }

    private func readDatabases(_ object: PolicyObject, _ server: inout PostgresPolicy) {
        guard let value = object.value("databases") else { return }
        if case .string("*") = value.content {
            server.allDatabases = true
            return
        }
        let label = object.label("databases")
        guard case .array(let elements) = value.content else {
            PolicyObject.wrongType(value, "`\(label)`", "a list of names, or \"*\" for all", mistakes)
            return
        }
        if elements.isEmpty { mistakes.add("`\(label)` names no database", at: value.place) }
        for name in object.texts("databases") ?? [] {
            if name.text == "*" {
                mistakes.add(name, "is no name", hint: "all databases are databases: \"*\", without brackets")
            } else if name.text.contains(",") {
                mistakes.add(name, "is `\(name.shown)`: a name with a comma cannot be told from two")
            } else if server.databases.contains(name.text) {
                mistakes.add(name, "is `\(name.shown)`, which is in the list already")
            }
            server.databases.append(name.text)
        }
    }

    private func checkConflicts(_ connect: PlacedText, _ location: PostgresLocation, _ object: PolicyObject) {
        if location.databases != .one {
            mistakes.add(connect, "holds a list of databases", hint: "write it as databases: [\"shop\"]")
        } else if object.has("databases"), let database = location.database {
            mistakes.add(
                connect, "names the database `\(PlacedText.shown(database))`, and `databases` is there too",
                hint: "name databases in one place")
        }
    }
}
