import Formats
import Platform
import Sealing
import Storage

extension Repository {
    /// The settings that this version writes and understands.
    private static let knownFeatures: Set<String> = []

    /// Makes a repository in an empty store. Gives it opened.
    ///
    /// Throws `.refused` when there is one already.
    package static func create(
        in store: any ObjectStore, credentials: [(credential: Credential, label: String)],
        randomness: any Randomness = SystemRandomness(), clock: any Clock = SystemClock(), tool: String,
        cost: KeyDerivation.Cost = .standard
    ) throws -> Repository {
        let description = RepositoryDescription(id: randomness.bytes(16))
        let keys = KeyRing(randomness: randomness)
        let repository = Repository(store: store, description: description, keys: keys, randomness: randomness)
        if (try? store.length(RepositoryDescription.name)) != nil { throw taken(store) }
        try clearUnfinished(store)
        for (credential, label) in credentials {
            try repository.addSlot(credential, label: label, created: clock.now(), cost: cost, description: description)
        }
        let sizes = Cutter.Sizes.files
        let settings: JSONValue = [
            "required": [],
            "cutter": [
                "kind": "gear-1", "files": .array([sizes.least, sizes.average, sizes.most].map { JSONValue($0) }),
            ],
        ]
        let object = try repository.signed(.settings, JSONWriter.bytes(settings), name: nil)
        _ = try store.create(ObjectName("settings", Digest.sha256(object.span)), object.span)
        _ = try store.create(ObjectName(known: "RECOVER.txt"), RecoveryLeaflet.text(tool: tool).span)
        // Last, since it is what makes the folder a repository: a crash before leaves none.
        guard try store.create(RepositoryDescription.name, description.bytes.span) == .created else {
            throw taken(store)
        }
        return repository
    }

    /// Removes the settings that an `init` left behind which died before its last step: they are sealed with keys that
    /// nobody has. Its key slots stay, since nobody can tell them from those of a repository that lost its salvor.json;
    /// where there is any data, that is what happened, and nothing is touched.
    private static func clearUnfinished(_ store: any ObjectStore) throws {
        for folder in ["packs", "index", "snapshots"] {
            try store.list(folder) { object in
                throw Failure(
                    .refused, "\(store.location) holds \(object.name) and no salvor.json: a repository that lost it",
                    hint: "put salvor.json back from a copy, or name another place with -r")
            }
        }
        var settings: [ObjectName] = []
        try store.list(ObjectKind.settings.folder) { settings.append($0.name) }
        for name in settings { try store.remove(name) }
    }

    private static func taken(_ store: any ObjectStore) -> Failure {
        Failure(
            .refused, "there is a repository in \(store.location) already",
            hint: "use it, or name another place with -r")
    }

    /// Opens a repository. Throws `.noRepository`, `.wrongKey`, or `.damaged` with the object's name.
    package static func open(
        _ store: any ObjectStore, credential: Credential, randomness: any Randomness = SystemRandomness()
    ) throws -> Repository {
        let description = try description(of: store)
        var problem: Failure?
        var opened: KeyRing?
        var unopened = 0
        for name in try slotNames(in: store) {
            do {
                let object = try store.read(name, limit: Limits.recordBytes)
                guard
                    let (keys, _) = try KeySlot.open(
                        object, name: name, credential: credential, description: description)
                else {
                    unopened += 1
                    continue
                }
                opened = keys
                break
            } catch let failure as Failure where [.damaged, .failed].contains(failure.kind) {
                // One bad slot must not hide the good one behind it.
                problem = problem ?? failure
            }
        }
        if let opened {
            let repository = Repository(store: store, description: description, keys: opened, randomness: randomness)
            _ = try opened.key(.id, epoch: 1)
            try repository.checkSettings()
            return repository
        }
        if let problem { throw problem }
        throw Failure(
            .wrongKey,
            "this \(credential.method == .recoveryKey ? "recovery key" : "password") "
                + "opens no key of the repository in \(store.location)",
            hint: unopened == 0
                ? "the repository has no keys at all: its keys/ folder was lost"
                : "check the password, or use the recovery key; "
                    + "when both are right, salvor.json was changed: compare it with a copy"
        )
    }

    static func description(of store: any ObjectStore) throws -> RepositoryDescription {
        do {
            return try RepositoryDescription(try store.read(RepositoryDescription.name, limit: Limits.recordBytes))
        } catch let failure as Failure where failure.systemError == Errno.noSuchObject {
            throw Failure(
                .noRepository, "there is no repository in \(store.location)",
                hint: "make one with `salvor init`, or check -r and SALVOR_REPOSITORY")
        }
    }

    private static func slotNames(in store: any ObjectStore) throws -> [ObjectName] {
        var names: [ObjectName] = []
        try store.list(ObjectKind.keySlot.folder) { names.append($0.name) }
        return names
    }

    /// Refuses features of a later version, by name. Settings that are damaged or not signed are ignored, as if they
    /// were gone: anyone who can write to the store could put them there, and they must not lock the owner out. `check`
    /// names them.
    private func checkSettings() throws {
        for name in try names(in: .settings) {
            guard let body = try settings(name) else { continue }
            let required = (try Self.json(body, name)["required"]?.elements ?? []).compactMap { $0.text }
            let unknown = required.filter { !Self.knownFeatures.contains($0) }
            guard unknown.isEmpty else {
                throw Failure(
                    .failed, "the repository needs \(unknown.joined(separator: ", ")), which this salvor does not know",
                    hint: "use a newer salvor")
            }
        }
    }

    /// The content of a settings object, nil when it is damaged or not signed.
    private func settings(_ name: ObjectName) throws -> [UInt8]? {
        do {
            return verified(.settings, try document(.settings, name: name, limit: Limits.recordBytes), name: nil)
        } catch let failure as Failure where failure.kind == .damaged { return nil }
    }

    /// Checks one settings object: whole, and signed by the upkeep key. Throws `.damaged` otherwise.
    package func checkSetting(_ name: ObjectName) throws {
        let content = try document(.settings, name: name, limit: Limits.recordBytes)
        guard verified(.settings, content, name: nil) != nil else {
            throw Failure(.damaged, "\(name.text) is not signed by this repository's upkeep key, and is ignored")
        }
    }

    /// Tells `notices` of ways in that are damaged, and of settings that are damaged or gone: this opening could do
    /// without them, and the next one may not.
    package func noteDamagedAccess() {
        note("keys") {
            for name in try names(in: .keySlot) { note(name.text) { try checkSlot(name) } }
        }
        note("settings") {
            let settings = try names(in: .settings)
            for name in settings { note(name.text) { try checkSetting(name) } }
            if settings.isEmpty { notices.note("settings", "gone: every repository is made with some") }
        }
    }

    private func note(_ object: String, _ check: () throws -> Void) {
        do { try check() } catch { notices.note(object, Failure(error).description) }
    }

    /// Checks one key slot as far as it can be without its password: its name, and its header. Throws `.damaged`
    /// otherwise.
    package func checkSlot(_ name: ObjectName) throws {
        _ = try KeySlot.header(of: try object(name, limit: Limits.recordBytes), name: name)
    }

    // MARK: Key slots

    /// Adds a way in and gives its object.
    @discardableResult
    package func addSlot(
        _ credential: Credential, label: String, created: Instant, cost: KeyDerivation.Cost = .standard
    ) throws -> ObjectName {
        try addSlot(credential, label: label, created: created, cost: cost, description: Self.description(of: store))
    }

    @discardableResult
    private func addSlot(
        _ credential: Credential, label: String, created: Instant, cost: KeyDerivation.Cost,
        description: RepositoryDescription
    ) throws -> ObjectName {
        let object = try KeySlot.make(
            sealer.keys, for: credential, label: label, created: created, cost: cost, description: description,
            randomness: sealer.randomness)
        let name = ObjectName("keys", Digest.sha256(object.span))
        _ = try store.create(name, object.span)
        return name
    }

    /// All ways in; those that `credential` opens with their label.
    package func slots(openedWith credential: Credential?) throws -> [KeySlot] {
        let description = try Self.description(of: store)
        return try names(in: .keySlot).map { name in
            let object = try store.read(name, limit: Limits.recordBytes)
            let header = try KeySlot.header(of: object, name: name)
            if let credential,
                let opened = try KeySlot.open(object, name: name, credential: credential, description: description)
            {
                return opened.slot
            }
            return KeySlot(name: name, wantsRecoveryKey: header.method == .recoveryKey)
        }
    }

    /// Removes a way in. The last one is refused.
    package func removeSlot(_ name: ObjectName) throws {
        let all = try names(in: .keySlot)
        guard all.contains(name) else { throw Failure(.usage, "there is no key \(name.last)") }
        guard all.count > 1 else {
            throw Failure(
                .refused, "\(name.last) is the only key: without it nobody could open the repository",
                hint: "add another one first")
        }
        try store.remove(name)
    }
}
