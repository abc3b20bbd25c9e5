import Formats
import Platform

/// How a drill is done: staging, deadlines, programs.
extension PolicyReader {
    private static let jobsMax: Int64 = 64
    private static let readinessSeconds = 60.0

    /// The drill of a policy.
    func drill(_ value: JSON5Value) -> DrillPolicy {
        var drill = DrillPolicy()
        guard let object = PolicyObject(value, path: "drill", keys: PolicyKeys.drill, mistakes) else { return drill }
        if let staging = object.text("staging") {
            checkAbsolute(staging)
            drill.staging = staging.text
        }
        drill.stagingUser = name(object.text("stagingUser"), PolicyNames.isUser, "write the name of a user")
        drill.timeoutSeconds = object.duration("timeout")
        drill.phaseTimeouts = timeouts(object)
        drill.keepOnFailureSeconds = object.duration("keepOnFailure")
        drill.jobs = object.whole("jobs", in: 1...Self.jobsMax).map { Int($0) }
        drill.selection = selection(object)
        drill.provesChecks = object.flag("proveChecks") ?? false
        drill.postgresBinaries = binaries(object)
        let programs = object.elements("start") ?? []
        // Programs may name each other's ports: all names first.
        for (value, _) in programs {
            let name = value.members?.first { $0.key == "name" }?.value
            if case .string(let text) = name?.content { starts.append(text) }
        }
        for (value, label) in programs {
            if let program = program(value, label, among: drill.start) { drill.start.append(program) }
        }
        for (value, label) in object.elements("checks") ?? [] {
            if let check = check(value, label, among: drill.checks) { drill.checks.append(check) }
        }
        return drill
    }

    private func timeouts(_ drill: PolicyObject) -> [DrillPolicy.PhaseKey: Double] {
        let keys = DrillPolicy.PhaseKey.allCases
        guard let value = drill.value("timeouts"),
            let object = PolicyObject(value, path: "drill.timeouts", keys: keys.map(\.rawValue), mistakes)
        else { return [:] }
        var timeouts: [DrillPolicy.PhaseKey: Double] = [:]
        for key in keys { timeouts[key] = object.duration(key.rawValue) }
        return timeouts
    }

    private func selection(_ drill: PolicyObject) -> DrillPolicy.Selection {
        guard let value = drill.value("select") else { return .newest }
        if value.members != nil,
            let object = PolicyObject(value, path: "drill.select", keys: PolicyKeys.select, mistakes)
        {
            guard let instant = object.text("at", required: true) else { return .newest }
            if Timestamp.parse(instant.text) == nil {
                mistakes.add(
                    instant, "is `\(instant.shown)`, and no instant",
                    hint: "write it as in RFC 3339: 2026-11-21T02:30:00Z")
            }
            return .at(instant.text)
        }
        guard let word = drill.text("select") else { return .newest }
        switch word.text {
        case "newest": return .newest
        case "random": return .random
        case "leastRecentlyDrilled": return .leastRecentlyDrilled
        default:
            let known = ["newest", "random", "leastRecentlyDrilled"]
            let meant = Suggestion.nearest(to: word.text, among: known)
            mistakes.add(
                word, "cannot be `\(word.shown)`",
                hint: meant.map { "did you mean \"\($0)\"?" }
                    ?? "it is one of \(known.joined(separator: ", ")), or {at: …}")
            return .newest
        }
    }

    private func binaries(_ drill: PolicyObject) -> String? {
        guard let value = drill.value("postgres"),
            let object = PolicyObject(value, path: "drill.postgres", keys: PolicyKeys.drillPostgres, mistakes),
            let path = object.text("binaries")
        else { return nil }
        checkAbsolute(path)
        do throws(PlaceholderProblem) {
            if let other = try PlaceholderText(path.text).names.first(where: { $0 != "major" }) {
                mistakes.add(
                    path, "has the placeholder `{\(PlacedText.shown(other))}`", hint: "only {major} stands here")
            }
        } catch { mistakes.add(path, "cannot be used: \(error.sentence)", hint: error.hint) }
        return path.text
    }

    // MARK: Programs

    private func program(_ value: JSON5Value, _ label: String, among others: [ProcessPolicy]) -> ProcessPolicy? {
        guard let object = PolicyObject(value, path: label, keys: PolicyKeys.start, mistakes) else { return nil }
        let text = object.text("name", required: true)
        let name = name(text, PolicyNames.isSystem, PolicyNames.systemForm)
        if let text, let name, others.contains(where: { $0.name == name }) {
            mistakes.add(text, "is `\(name)`, which an earlier program is named")
        }
        let words = argv(object, "argv") ?? []
        words.forEach(checkPlaceholders)
        var program = ProcessPolicy(name: name ?? "", argv: words.map(\.text))
        program.environment = environment(object)
        program.ready = object.value("ready").flatMap { readiness($0, object.label("ready")) }
        return program
    }

    private func environment(_ program: PolicyObject) -> [ProcessPolicy.Variable] {
        guard let value = program.value("environment"),
            let object = PolicyObject(value, path: program.label("environment"), keys: nil, mistakes)
        else { return [] }
        var variables: [ProcessPolicy.Variable] = []
        for member in object.members {
            let label = PlacedText.shown(object.label(member.key))
            if !PolicyNames.isVariable(member.key) {
                mistakes.add("`\(label)` cannot name a variable", at: member.place, hint: PolicyNames.variableForm)
            }
            guard let text = object.text(member.value, label, mayBeEmpty: true) else { continue }
            let isSecret = PolicySecrets.isPassword(variable: member.key) && !text.text.isEmpty
            if isSecret || PolicySecrets.holds(text.text) {
                mistakes.add(text, "holds a password", hint: PolicySecrets.hint)
            }
            checkPlaceholders(text)
            variables.append(.init(member.key, text.text))
        }
        return variables
    }

    private func readiness(_ value: JSON5Value, _ label: String) -> ProcessPolicy.Readiness? {
        guard let object = PolicyObject(value, path: label, keys: PolicyKeys.ready, mistakes) else { return nil }
        let within = object.duration("within") ?? Self.readinessSeconds
        let status = object.whole("status", in: 100...599).map { Int($0) }
        guard object.has("http") != object.has("command") else {
            mistakes.add(
                "`\(label)` asks \(object.has("http") ? "two questions" : "nothing")", at: value.place,
                hint: "write either http: ADDRESS or command: [PROGRAM, …]")
            return nil
        }
        if object.has("http") {
            guard let url = object.text("http") else { return nil }
            checkAddress(url)
            return .init(probe: .http(url: url.text, status: status), withinSeconds: within)
        }
        if let status = object.value("status") {
            mistakes.add("`\(label).status` is for http only", at: status.place)
        }
        guard let words = argv(object, "command") else { return nil }
        words.forEach(checkPlaceholders)
        return .init(probe: .command(words.map(\.text)), withinSeconds: within)
    }

    // MARK: Placeholders

    /// Refuses placeholders that stand for nothing.
    func checkPlaceholders(_ text: PlacedText) { _ = placeholders(text) }

    /// Refuses an address that is not on this machine.
    func checkAddress(_ url: PlacedText) {
        if PolicySecrets.holds(url.text) {
            mistakes.add(url, "holds a password", hint: PolicySecrets.hint)
            return
        }
        guard let text = placeholders(url) else { return }
        do throws(PlaceholderProblem) { try LocalAddress.check(text) } catch {
            mistakes.add(url, "\(error.sentence): \(url.shown)", hint: error.hint)
        }
    }

    /// Whether a placeholder begins with a source that has been complained of already.
    private func isUnclear(_ name: String) -> Bool { unclear.contains { name.hasPrefix($0 + ".") } }

    private func placeholders(_ text: PlacedText) -> PlaceholderText? {
        do throws(PlaceholderProblem) {
            let read = try PlaceholderText(text.text)
            for name in read.names where !isUnclear(name) {
                _ = try Placeholder(name, sources: sources, starts: starts)
            }
            return read
        } catch {
            mistakes.add(text, "cannot be used: \(PlacedText.shown(error.sentence))", hint: error.hint)
            return nil
        }
    }
}
