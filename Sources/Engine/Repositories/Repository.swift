import Formats
import Platform
import Sealing
import Storage

/// The encrypted collection in a store, opened with a credential. Any thread may call.
package final class Repository: Sendable {
    /// Where the objects live.
    package let store: any ObjectStore
    /// The repository's 16 bytes.
    package let id: [UInt8]
    /// Damage that readers could do without.
    package let notices = DamageNotices()
    let sealer: ObjectSealer
    private let upkeepPublic: SecretBytes?

    init(store: any ObjectStore, description: RepositoryDescription, keys: KeyRing, randomness: any Randomness) {
        self.store = store
        id = description.id
        sealer = ObjectSealer(repositoryID: description.id, keys: keys, randomness: randomness)
        upkeepPublic = try? keys.key(.upkeepPublic)
    }

    /// The id in hexadecimal.
    package var identifier: String { Hexadecimal.string(id) }

    /// Something that names chunks, for one thread.
    package func namer() -> ChunkNamer { ChunkNamer(key: idKey) }

    /// A cutter for one of the adapter's profiles.
    package func cutter(_ sizes: Cutter.Sizes) throws -> Cutter {
        Cutter(key: try sealer.keys.key(.cut, epoch: 1), sizes: sizes)
    }

    /// Hashes names, to decide where pages of large directories end. For one thread.
    package func pageBorders() throws -> MessageAuthentication {
        let key = KeyDerivation.derive(
            try sealer.keys.key(.cut, epoch: 1), salt: [], info: Array("salvor names 1".utf8), count: 32)
        return MessageAuthentication(key: key)
    }

    /// The 16 bytes that key the row hashes of this repository's manifests: the same every night.
    package var rowHashKey: [UInt8] {
        let key = KeyDerivation.derive(idKey, salt: [], info: Array("salvor rows 1".utf8), count: 16)
        return unsafe key.withBytes { unsafe Array($0) }
    }

    // Every role holds the id key: `open` refuses one without.
    private var idKey: SecretBytes {
        guard let key = try? sealer.keys.key(.id, epoch: 1) else {
            preconditionFailure("a repository was opened without its id key")
        }
        return key
    }

    /// Random bytes from the source that this repository was opened with.
    package func randomBytes(_ count: Int) -> [UInt8] { sealer.randomness.bytes(count) }

    // MARK: Reading

    /// Every record that can be read, oldest commit first. A damaged one is told to `problem` and left out.
    package func records(problem: (ObjectName, Failure) throws -> Void) throws -> [SnapshotRecord] {
        var records: [SnapshotRecord] = []
        for object in try names(in: .record) {
            do { records.append(try record(object)) } catch { try problem(object, Failure(error)) }
        }
        return records.sorted { ($0.committedBy, $0.identifier) < ($1.committedBy, $1.identifier) }
    }

    /// Every record; a damaged one throws.
    package func records() throws -> [SnapshotRecord] { try records { _, failure in throw failure } }

    /// What one of `records` names as seen before it, and what is neither there nor forgotten: the store lost or hides
    /// it. Each with the record that saw it.
    package func lostRecords(seenBy records: [SnapshotRecord]) throws -> [(lost: ObjectName, seenBy: SnapshotRecord)] {
        var known = Set(try names(in: .record).compactMap { $0.identifier })
        // Looked for after the records: what is forgotten is gone only after that is written down.
        known.formUnion(try names(in: .forgotten).compactMap { $0.identifier })
        return records.flatMap { record in
            record.heads.filter { !known.contains($0) }.map { (ObjectName("snapshots", $0), record) }
        }
    }

    /// One record by its object's name.
    package func record(_ name: ObjectName) throws -> SnapshotRecord {
        guard let session = name.identifier, session.count == 16 else {
            throw Failure(.damaged, "\(name.text) is not named as a record is")
        }
        let content = try document(.record, name: name, limit: Limits.recordBytes)
        return try SnapshotRecord(try Self.json(content, name), session: session, object: name.text)
    }

    /// The content of a document in the store: at most `limit` bytes sealed, and sixteen times as many, or
    /// `plainLimit`, plain.
    func document(_ kind: ObjectKind, name: ObjectName, limit: Int, plainLimit: Int? = nil) throws -> [UInt8] {
        try sealer.open(try object(name, limit: limit), kind, name: name, limit: plainLimit ?? 16 * limit)
    }

    /// The objects of a kind, ascending by name. Files that are named as no object is are somebody else's.
    package func names(in kind: ObjectKind) throws -> [ObjectName] {
        var names: [ObjectName] = []
        try store.list(kind.folder) { object in
            if object.name.identifier?.count == kind.nameLength { names.append(object.name) }
        }
        return names
    }

    /// The whole index, as a reader or a writer sees it. A damaged index object is told to `notices` and left out: a
    /// reader finds its chunks again in the packs' own directories, a writer stores them anew.
    package func loadIndex() throws -> ChunkIndex {
        let index = ChunkIndex()
        for name in try names(in: .index) {
            do { try readIndex(name, into: index) } catch let failure as Failure where failure.kind == .damaged {
                let cause = failure.cause ?? failure.sentence
                notices.note(name.text, "damaged or missing (\(cause)); what it named is looked for in the packs")
            }
        }
        return index
    }

    /// Reads one index object into `index`. When its content turns out to be malformed, what came before that stays: it
    /// was checked like everything else.
    package func readIndex(_ name: ObjectName, into index: ChunkIndex) throws {
        let content = try document(.index, name: name, limit: Limits.indexBytes, plainLimit: Limits.indexPlainBytes)
        try IndexDocument.read(content, into: index, object: name.text)
    }

    /// Adds every pack that no index names to `index`, from the packs' own directories. What cannot be read is left
    /// out: whoever needs a chunk of it learns that it is in no index.
    func recoverIndex(into index: ChunkIndex) throws {
        let audit = PackAudit(self)
        var intake = PackIntake(into: index)
        for name in try names(in: .dataPack) {
            guard let id = name.identifier, index.packs(named: id).isEmpty else { continue }
            do { intake.add(try audit.directory(of: name)) } catch let failure as Failure where failure.kind == .damaged
            { continue }
        }
        intake.finish()
    }

    /// The directory of a pack, read from the pack itself.
    package func directory(of name: ObjectName) throws -> FinishedPack {
        try PackAudit(self).directory(of: name)
    }

    static func json(_ content: [UInt8], _ name: ObjectName) throws -> JSONValue {
        do { return try JSONParser.parse(content) } catch {
            throw Failure(
                .damaged, "\(name.text) is damaged",
                cause: "its JSON is wrong at byte \(error.offset): \(error.sentence)")
        }
    }

    // MARK: Signatures

    /// A document with the upkeep signature behind its content. Throws `.wrongKey` without the upkeep key.
    func signed(_ kind: ObjectKind, _ content: [UInt8], name: ObjectName?) throws -> [UInt8] {
        let signature = Signature.sign(
            sealer.signedMessage(kind, name: name, content), with: try sealer.keys.key(.upkeep))
        return try sealer.document(kind, content + signature, name: name)
    }

    /// The content of a signed document; nil when its signature is not genuine.
    func verified(_ kind: ObjectKind, _ content: [UInt8], name: ObjectName?) -> [UInt8]? {
        guard content.count >= Signature.length else { return nil }
        let body = Array(content.dropLast(Signature.length))
        let message = sealer.signedMessage(kind, name: name, body)
        return isUpkeepSignature(Array(content.suffix(Signature.length)), of: message) ? body : nil
    }

    /// Whether a signature is the upkeep key's.
    func isUpkeepSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let upkeepPublic else { return false }
        let key = unsafe upkeepPublic.withBytes { unsafe Array($0) }
        return Signature.verify(signature, of: message, publicKey: key)
    }
}
