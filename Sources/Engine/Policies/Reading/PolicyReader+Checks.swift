import Formats
import Platform

/// The checks of a drill.
extension PolicyReader {
    /// One check; nil when too little of it is right.
    func check(_ value: JSON5Value, _ label: String, among others: [CheckPolicy]) -> CheckPolicy? {
        guard let any = PolicyObject(value, path: label, keys: nil, mistakes),
            let type = any.text("type", required: true)
        else { return nil }
        guard let keys = PolicyKeys.check(type.text) else {
            let meant = Suggestion.nearest(to: type.text, among: PolicyKeys.checkTypes)
            mistakes.add(
                type, "is `\(type.shown)`, and there is no such check",
                hint: meant.map { "did you mean \"\($0)\"?" }
                    ?? "there are \(PolicyKeys.checkTypes.joined(separator: ", "))")
            return nil
        }
        guard let object = PolicyObject(value, path: label, keys: PolicyKeys.everyCheck + keys, mistakes) else {
            return nil
        }
        let kind = kind(type, object)
        let identifier = identifier(object, type.text, kind, among: others)
        let gating = object.flag("gating")
        let timeout = object.duration("timeout")
        guard let kind, let identifier else { return nil }
        return CheckPolicy(identifier, kind, isGating: gating ?? true, timeoutSeconds: timeout)
    }

    /// Every check of a policy has a name; one that sources bring has its type's, and may be spoken of once for all
    /// sources and once for each.
    private func identifier(
        _ object: PolicyObject, _ type: String, _ kind: CheckPolicy.Kind?, among others: [CheckPolicy]
    ) -> String? {
        if case .brought(_, let source)? = kind {
            if others.contains(where: { $0.kind == kind }) {
                let of = source.map { " of the source `\($0)`" } ?? ""
                mistakes.add(
                    "`\(object.path)` speaks of \(type)\(of) again", at: object.place,
                    hint: "an earlier check does: which one counts would be anybody's guess")
            }
            return source.map { "\($0).\(type)" } ?? type
        }
        let text = object.text("id", required: kind != nil)
        guard let text, let name = name(text, PolicyNames.isCheck, PolicyNames.checkForm) else { return nil }
        let place = text.place
        if others.contains(where: { $0.identifier == name }) {
            mistakes.add("`\(object.label("id"))` is `\(name)`, which an earlier check is named", at: place)
        } else if PolicyKeys.brought.contains(where: { $0.type == name }) {
            mistakes.add("`\(object.label("id"))` is `\(name)`, the name of a check that sources bring", at: place)
        }
        return name
    }

    private func kind(_ type: PlacedText, _ object: PolicyObject) -> CheckPolicy.Kind? {
        switch type.text {
        case "sql":
            let query = query(object)
            guard let value = object.required("expect"), let expect = sqlExpectation(value, object.label("expect")),
                let query
            else { return nil }
            return .sql(query, expect: expect)
        case "sql.lag":
            let query = query(object)
            guard let seconds = object.duration("max", required: true), let query else { return nil }
            return .sqlLag(query, maxSeconds: seconds)
        case "cross.references":
            let query = query(object)
            let files = source(object.text("existsIn", required: true), adapter: "files")
            let missing = object.whole("missing", in: 0...1_000_000_000) ?? 0
            guard let query, let files else { return nil }
            return .crossReferences(query, existsIn: files, missing: Int(missing))
        case "command": return command(object)
        case "http": return http(object)
        default:
            let adapter = PolicyKeys.brought.first { $0.type == type.text }?.adapter ?? ""
            if !object.has("gating") {
                mistakes.add(
                    "`\(object.path)` says nothing: the check is made anyway", at: object.place,
                    hint: "write gating: false, to only be told of it")
            }
            if object.has("timeout"), let value = object.value("timeout") {
                mistakes.add(
                    "`\(object.label("timeout"))` cannot be given to a check that sources bring", at: value.place,
                    hint: "give drill.timeouts.prove")
            }
            if object.has("id"), let value = object.value("id") {
                mistakes.add(
                    "`\(object.label("id"))` cannot be given to a check that sources bring", at: value.place,
                    hint: "reports name it by its type: leave it out")
            }
            return .brought(type: type.text, source: source(object.text("source"), adapter: adapter))
        }
    }

    /// The name of a source of an adapter; nil, and a mistake, when there is none.
    private func source(_ text: PlacedText?, adapter: String) -> String? {
        guard let text else { return nil }
        let fitting = sources.filter { source in
            if case .files = source.adapter { adapter == "files" } else { adapter == "postgres" }
        }
        if fitting.contains(where: { $0.name == text.text }) { return text.text }
        if unclear.contains(text.text) { return nil }
        let isOther = sources.contains { $0.name == text.text }
        let meant = Suggestion.nearest(to: text.text, among: fitting.map(\.name))
        mistakes.add(
            text, "is `\(text.shown)`, and \(isOther ? "that" : "there") is no source of the adapter \(adapter)",
            hint: meant.map { "did you mean \"\($0)\"?" })
        return nil
    }

    private func query(_ object: PolicyObject) -> CheckPolicy.Query? {
        let name = source(object.text("source", required: true), adapter: "postgres")
        let text = object.text("query", required: true)
        let database = object.text("database")
        let role = object.text("as")
        guard let name, let text else { return nil }
        checkDatabase(database, of: name, object)
        return CheckPolicy.Query(source: name, database: database?.text, role: role?.text, text: text.text)
    }

    private func checkDatabase(_ database: PlacedText?, of source: String, _ object: PolicyObject) {
        guard case .postgres(let server) = sources.first(where: { $0.name == source })?.adapter else { return }
        if let database {
            guard !server.allDatabases, !server.databases.isEmpty, !server.databases.contains(database.text) else {
                return
            }
            mistakes.add(
                database, "is `\(database.shown)`, which is no database of the source `\(source)`",
                hint: "it has \(server.databases.joined(separator: ", "))")
        } else if !object.has("database"), server.allDatabases || server.databases.count > 1 {
            mistakes.add(
                "`\(object.label("database"))` is missing: the source `\(source)` has several databases",
                at: object.place)
        }
    }

    // MARK: Expectations

    private func sqlExpectation(_ value: JSON5Value, _ label: String) -> SQLExpectation? {
        guard let object = PolicyObject(value, path: label, keys: PolicyKeys.sqlExpectation, mistakes) else {
            return nil
        }
        let forms = [["equals"], ["atLeast", "atMost"], ["between"], ["matches"]]
        let given = forms.filter { $0.contains(where: object.has) }
        guard given.count == 1 else {
            mistakes.add(
                "`\(label)` expects \(given.isEmpty ? "nothing" : "several things at once")", at: value.place,
                hint: "write one of equals, atLeast and atMost, between: [A, B], matches")
            return nil
        }
        switch given[0][0] {
        case "equals": return object.value("equals").flatMap { equals($0, object) }
        case "matches": return expression(object, "matches").map { .matches($0) }
        case "between": return between(object)
        default:
            let (low, high) = (object.number("atLeast")?.value, object.number("atMost")?.value)
            if let low, let high, low > high {
                mistakes.add("`\(label)` fits no number: \(low) is more than \(high)", at: value.place)
            }
            return low == nil && high == nil ? nil : .range(atLeast: low, atMost: high)
        }
    }

    private func between(_ object: PolicyObject) -> SQLExpectation? {
        guard let elements = object.elements("between"), let value = object.value("between") else { return nil }
        guard elements.count == 2 else {
            mistakes.add("`\(object.label("between"))` must hold two numbers", at: value.place)
            return nil
        }
        let numbers = elements.compactMap { object.number($0.value, $0.label)?.value }
        guard numbers.count == 2 else { return nil }
        if numbers[0] > numbers[1] {
            mistakes.add("`\(object.label("between"))` fits no number: the first one is larger", at: value.place)
        }
        return .range(atLeast: numbers[0], atMost: numbers[1])
    }

    /// The text that the server writes for a value.
    private func equals(_ value: JSON5Value, _ object: PolicyObject) -> SQLExpectation? {
        let label = object.label("equals")
        switch value.content {
        case .bool(let flag): return .equals(flag ? "t" : "f")
        case .string: return object.text(value, label, mayBeEmpty: true).map { .equals($0.text) }
        case .number:
            guard let number = object.number(value, label) else { return nil }
            if let whole = number.whole { return .equals(String(whole)) }
            // As it was written: 1.50 is what a numeric(10,2) says, and 1.5 is not.
            let digits = number.text.drop { $0 == "-" }
            let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
            if parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
            {
                return .equals(number.text)
            }
            mistakes.add(
                "`\(label)` is \(PlacedText.shown(number.text)), which a server writes otherwise", at: value.place,
                hint: "write it in quotes, as the server does")
            return nil
        default:
            PolicyObject.wrongType(value, "`\(label)`", "a text, a number, or true or false", mistakes)
            return nil
        }
    }

    /// A regular expression that the machine understands.
    private func expression(_ object: PolicyObject, _ key: String) -> String? {
        guard let text = object.text(key) else { return nil }
        do throws(Failure) { _ = try RegularExpression(text.text) } catch {
            mistakes.add(text, "is no extended regular expression: \(error.cause ?? "too long")", hint: error.hint)
        }
        return text.text
    }

    private func command(_ object: PolicyObject) -> CheckPolicy.Kind? {
        let words = argv(object, "argv")
        words?.forEach(checkPlaceholders)
        var exit: Int32 = 0
        var matches: String?
        if let value = object.value("expect"),
            let expect = PolicyObject(
                value, path: object.label("expect"), keys: PolicyKeys.commandExpectation, mistakes)
        {
            exit = Int32(expect.whole("exit", in: 0...255) ?? 0)
            matches = expression(expect, "stdoutMatches")
        }
        return words.map { .command(argv: $0.map(\.text), exit: exit, stdoutMatches: matches) }
    }

    private func http(_ object: PolicyObject) -> CheckPolicy.Kind? {
        let url = object.text("url", required: true)
        if let url { checkAddress(url) }
        let status = object.whole("status", in: 100...599) ?? 200
        let contains = object.text("contains")?.text
        let matches = expression(object, "matches")
        return url.map { .http(url: $0.text, status: Int(status), contains: contains, matches: matches) }
    }
}
