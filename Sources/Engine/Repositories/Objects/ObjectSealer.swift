import Formats
import Platform
import Sealing
import Storage

/// Seals and opens whole documents, and makes the keys and additional data of any object. Any thread may call.
struct ObjectSealer: Sendable {
    let repositoryID: [UInt8]
    let keys: KeyRing
    let randomness: any Randomness

    /// Bytes in front of a document's payload: its codec and its length.
    private static let bodyHead = 5

    /// Which of an object's two keys is meant.
    enum Part: UInt8 {
        case body = 0
        case directory = 1
    }

    /// The key of an object. Throws `.wrongKey` when this role does not hold the purpose's key.
    func objectKey(_ header: ObjectHeader, part: Part = .body, object: String) throws -> SecretBytes {
        let purpose: KeyPurpose = part == .directory ? .index : header.kind.purpose
        guard header.epoch <= keys.currentEpoch || !keys.holds(purpose) else {
            // The header is clear text: what it says may be a flipped bit as well as a newer key.
            throw Failure(
                .damaged, "\(object) is damaged",
                cause:
                    "it is sealed with the key of epoch \(header.epoch), and the last one here is \(keys.currentEpoch)")
        }
        let key = try keys.key(purpose, epoch: header.epoch)
        let info = Array("salvor object 1".utf8) + [header.kind.rawValue, part.rawValue]
        return KeyDerivation.derive(key, salt: header.salt, info: info, count: 32)
    }

    /// What is authenticated beside the message: where and what it is.
    func additionalData(_ header: ObjectHeader, name: [UInt8], ordinal: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes = repositoryID + Digest.sha256(header.bytes.span) + name
        writer.word(ordinal)
        return writer.bytes
    }

    /// The name field: SHA-256 of the object's name, or zeros where the name is the object's hash.
    func nameField(_ name: ObjectName?) -> [UInt8] {
        name.map { Digest.sha256(Array($0.text.utf8).span) } ?? [UInt8](repeating: 0, count: Digest.length)
    }

    /// The bytes of a document. `name` is needed unless the kind is named by its hash.
    func document(_ kind: ObjectKind, _ content: [UInt8], name: ObjectName?) throws -> [UInt8] {
        precondition((name == nil) == kind.isNamedByHash)
        let header = ObjectHeader(kind, epoch: keys.currentEpoch, salt: randomness.bytes(ObjectHeader.saltLength))
        var body = Buffer(capacity: Self.bodyHead + content.count)
        body.append(0)
        for index in 0..<4 { body.append(UInt8(truncatingIfNeeded: content.count >> (8 * index))) }
        let codec = Compressor(.best).compress(content.span, into: &body)
        unsafe body.change { unsafe $0[0] = codec.rawValue }
        var sealed = Buffer(capacity: ObjectHeader.length + body.count + AuthenticatedCipher.tagLength)
        sealed.append(header.bytes.span)
        AuthenticatedCipher(key: try objectKey(header, object: "a new object")).seal(
            body.bytes, ordinal: 0, additional: additionalData(header, name: nameField(name), ordinal: 0),
            into: &sealed)
        _ = consume body
        return sealed.array()
    }

    /// The content of a document that was read from the store under `name`. What it was made of is given back on the
    /// way: at most two forms of it are in memory at once.
    func open(_ object: consuming [UInt8], _ kind: ObjectKind, name: ObjectName, limit: Int) throws -> [UInt8] {
        let body = try authenticBody(object, kind, name: name)
        _ = consume object
        return try content(of: body, name: name, limit: limit)
    }

    private func authenticBody(_ object: [UInt8], _ kind: ObjectKind, name: ObjectName) throws -> Buffer {
        if kind.isNamedByHash, Digest.sha256(object.span) != name.identifier {
            throw Self.damaged(name, "its bytes are not those that its name promises")
        }
        let header = try ObjectHeader(Array(object.prefix(ObjectHeader.length)), kinds: [kind], object: name.text)
        var body = Buffer(capacity: object.count)
        let field = nameField(kind.isNamedByHash ? nil : name)
        let authentic = AuthenticatedCipher(key: try objectKey(header, object: name.text)).open(
            object.span.extracting(ObjectHeader.length..<object.count), ordinal: 0,
            additional: additionalData(header, name: field, ordinal: 0), into: &body)
        guard authentic else { throw Self.damaged(name, "it is not authentic") }
        return body
    }

    private func content(of body: consuming Buffer, name: ObjectName, limit: Int) throws -> [UInt8] {
        let head = Array(body.bytes.extracting(0..<min(Self.bodyHead, body.count)))
        var reader = ByteReader(head, object: name.text)
        guard let codec = Codec(rawValue: try reader.byte()) else { throw reader.damaged("an unknown codec") }
        let length = Int(try reader.word())
        let payload = body.bytes.extracting(Self.bodyHead..<body.count)
        guard length <= limit, length <= max(Limits.smallDocumentBytes, payload.count * Limits.documentRatio) else {
            throw reader.damaged("it is larger than an object of its kind may be")
        }
        return try Decompressor().decompressed(payload, codec, length: length, object: name.text)
    }

    /// What an upkeep signature covers.
    func signedMessage(_ kind: ObjectKind, name: ObjectName?, _ content: [UInt8]) -> [UInt8] {
        Array("salvor signature 1".utf8) + repositoryID + [kind.rawValue] + nameField(name) + content
    }

    static func damaged(_ name: ObjectName, _ why: String) -> Failure {
        Failure(
            .damaged, "\(name.text) is damaged", hint: "run `salvor check --read-data` to see what it holds", cause: why
        )
    }
}
