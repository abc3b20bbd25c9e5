import Formats
import Platform
import Storage

/// Makes a policy of a JSON5 value. It goes on after each mistake, so that a person sees all of them at once.
final class PolicyReader {
    let mistakes = PolicyMistakeList()
    /// What was read of the sources so far, those with mistakes too, for whoever names one.
    var sources: [SourcePolicy] = []
    /// Sources whose adapter is not known: who names one of them is not told that there is none.
    var unclear: Set<String> = []
    /// The names of the programs of `drill.start`, for whoever names one.
    var starts: [String] = []

    /// The policy; nil, or not to be used, when there are mistakes.
    func policy(_ value: JSON5Value) -> Policy? {
        noteRepeated(value)
        guard let top = PolicyObject(value, path: "", keys: PolicyKeys.top, mistakes) else { return nil }
        checkFormat(top)
        let name = name(top.text("name", required: true), PolicyNames.isSystem, PolicyNames.systemForm)
        let repository = top.required("repository").flatMap { self.repository($0) }
        if let value = top.required("sources") { readSources(value) }
        let timezone = timezone(top)
        let objectives = top.value("objectives").map { self.objectives($0) }
        let drill = top.value("drill").map { self.drill($0) }
        guard let name, let repository else { return nil }
        return Policy(
            name: name, timezone: timezone, repository: repository, sources: sources,
            objectives: objectives ?? ObjectivesPolicy(), drill: drill ?? DrillPolicy())
    }

    private func noteRepeated(_ value: JSON5Value) {
        for (member, first) in value.repeatedMembers {
            mistakes.add(
                "`\(PlacedText.shown(member.key))` is given twice", at: member.place,
                hint: "the first one is in line \(first.place.line), column \(first.place.column)")
        }
    }

    private func checkFormat(_ top: PolicyObject) {
        guard let format = top.text("format", required: true), format.text != Policy.format else { return }
        let number = format.text.hasPrefix("salvor.policy/") ? Int(format.text.dropFirst("salvor.policy/".count)) : nil
        if let number, number > 1 {
            mistakes.add(
                format, "is `\(format.shown)`, which is of a later version",
                hint: "use a newer salvor; this one reads \(Policy.format)")
        } else {
            mistakes.add(format, "is `\(format.shown)`, and no format of a policy", hint: "write \"\(Policy.format)\"")
        }
    }

    /// A name of a form; nil, and a mistake, when it has another.
    func name(_ text: PlacedText?, _ fits: (String) -> Bool, _ form: String) -> String? {
        guard let text else { return nil }
        if fits(text.text) { return text.text }
        mistakes.add(text, "cannot be `\(text.shown)`", hint: form)
        return nil
    }

    private func timezone(_ top: PolicyObject) -> String {
        guard let zone = top.text("timezone") else { return "UTC" }
        if !TimeZones.holds(zone.text) {
            mistakes.add(
                zone, "is `\(zone.shown)`, and this machine knows no such time zone",
                hint: "write it as the IANA's database does: Europe/Berlin, or UTC")
        }
        return zone.text
    }

    private func objectives(_ value: JSON5Value) -> ObjectivesPolicy {
        guard let object = PolicyObject(value, path: "objectives", keys: PolicyKeys.objectives, mistakes) else {
            return ObjectivesPolicy()
        }
        return ObjectivesPolicy(rpoSeconds: object.duration("rpo"), rtoSeconds: object.duration("rto"))
    }

    // MARK: The repository

    private func repository(_ value: JSON5Value) -> RepositoryPolicy? {
        guard let object = PolicyObject(value, path: "repository", keys: PolicyKeys.repository, mistakes) else {
            return nil
        }
        let url = object.text("url", required: true)
        if let url { checkStore(url) }
        let password = object.required("password").flatMap { secret($0) }
        guard let url, let password else { return nil }
        return RepositoryPolicy(url: url.text, password: password)
    }

    private func checkStore(_ url: PlacedText) {
        if PolicySecrets.holds(url.text) {
            mistakes.add(url, "holds a password", hint: PolicySecrets.hint)
            return
        }
        do throws(Failure) {
            let location = try StoreLocation(url.text)
            if StoreCatalog.all.contains(where: { $0.scheme == location.scheme }) { return }
            let known = StoreCatalog.all.map { $0.summary }.joined(separator: "; ")
            mistakes.add(url, "names a store of the kind \(location.scheme), which this version has not", hint: known)
        } catch {
            mistakes.add(url, "cannot be used: \(PlacedText.shown(error.sentence))", hint: error.hint)
        }
    }

    private func secret(_ value: JSON5Value) -> SecretReference? {
        let label = "repository.password"
        let hint = "name the place of the password: {file: PATH}, {env: VARIABLE} or {command: [PROGRAM, …]}"
        switch value.content {
        case .string, .number:
            mistakes.add("`\(label)` holds the password itself", at: value.place, hint: hint)
            return nil
        default: break
        }
        guard let object = PolicyObject(value, path: label, keys: PolicyKeys.password, mistakes) else { return nil }
        let given = PolicyKeys.password.filter(object.has)
        guard given.count == 1 else {
            let sentence = given.isEmpty ? "names no place" : "names \(given.count) places"
            mistakes.add("`\(label)` \(sentence)", at: value.place, hint: hint)
            return nil
        }
        switch given[0] {
        case "file": return object.text("file").map { .file($0.text) }
        case "env":
            return name(object.text("env"), PolicyNames.isVariable, PolicyNames.variableForm).map { .environment($0) }
        default:
            guard let words = argv(object, "command") else { return nil }
            return .command(words.map(\.text))
        }
    }

    /// The words of a program, one at least; a first one that is empty, and a literal secret, is a mistake.
    func argv(_ object: PolicyObject, _ key: String) -> [PlacedText]? {
        guard let words = object.texts(key, required: true, mayBeEmpty: true), let value = object.value(key) else {
            return nil
        }
        guard let program = words.first, !program.text.isEmpty else {
            // Words that are no text have been told already.
            if case .array(let elements) = value.content, elements.count == words.count {
                mistakes.add("`\(object.label(key))` names no program", at: value.place)
            }
            return nil
        }
        for word in words where PolicySecrets.holds(word.text) {
            mistakes.add(word, "holds a password", hint: PolicySecrets.hint)
        }
        return words
    }
}
