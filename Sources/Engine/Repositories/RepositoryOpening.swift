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
        for (credential, label) in credentials {
            try repository.addSlot(credential, label: label, created: clock.now(), cost: cost, description: description)
        }
        let settings: JSONValue = [
            "required": [],
            "cutter": [
                "kind": "gear-1",
                "files": [
                    JSONValue(Cutter.Sizes.files.least), JSONValue(Cutter.Sizes.files.average),
                    JSONValue(Cutter.Sizes.files.most),
                ],
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
        var damage: Failure?
        var unopened = 0
        for name in try slotNames(in: store) {
            do {
                let object = try store.read(name, limit: Limits.recordBytes)
                if let (keys, _) = try KeySlot.open(
                    object, name: name, credential: credential, description: description)
                {
                    let repository = Repository(
                        store: store, description: description, keys: keys, randomness: randomness)
                    _ = try keys.key(.id, epoch: 1)
                    try repository.checkSettings()
                    return repository
                }
                unopened += 1
            } catch let failure as Failure where failure.kind == .damaged { damage = damage ?? failure }
        }
        if let damage { throw damage }
        throw Failure(
            .wrongKey,
            "this \(credential.method == .recoveryKey ? "recovery key" : "password") opens no key of the repository in \(store.location)",
            hint: unopened == 0
                ? "the repository has no keys at all: its keys/ folder was lost"
                : "check the password, or use the recovery key")
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

    /// Refuses features of a later version, by name.
    private func checkSettings() throws {
        for name in try names(in: .settings) {
            // A damaged one must not stop the worst day's restore; `check` names it.
            guard let content = try? document(.settings, name: name, limit: Limits.recordBytes),
                let body = verified(.settings, content, name: nil)
            else { continue }
            let unknown = (try Self.json(body, name)["required"]?.elements ?? []).compactMap { $0.text }.filter {
                !Self.knownFeatures.contains($0)
            }
            guard unknown.isEmpty else {
                throw Failure(
                    .failed, "the repository needs \(unknown.joined(separator: ", ")), which this salvor does not know",
                    hint: "use a newer salvor")
            }
        }
    }

    /// Checks one settings object: whole, and signed by the upkeep key. Throws `.damaged` otherwise.
    package func checkSetting(_ name: ObjectName) throws {
        let content = try document(.settings, name: name, limit: Limits.recordBytes)
        guard verified(.settings, content, name: nil) != nil else {
            throw Failure(.damaged, "\(name.text) is not signed by this repository's upkeep key, and is ignored")
        }
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
