import Formats
import Platform
import Sealing
import Storage

/// One way into the repository: its keys, wrapped by one password or recovery key.
package struct KeySlot: Sendable {
    /// The slot's object.
    package var name: ObjectName
    /// Whether it wants a recovery key rather than a password.
    package var wantsRecoveryKey: Bool
    /// What its maker called it, when it could be opened.
    package var label: String?
    /// When it was made, RFC 3339, when it could be opened.
    package var created: String?

    /// The bytes of a new slot.
    static func make(
        _ keys: KeyRing, for credential: Credential, label: String, created: Instant, cost: KeyDerivation.Cost,
        description: RepositoryDescription, randomness: any Randomness
    ) throws -> [UInt8] {
        let header = ObjectHeader(slot: credential.method, cost: cost, salt: randomness.bytes(ObjectHeader.saltLength))
        let content = JSONWriter.bytes([
            "salvor": .string(Hexadecimal.string(Digest.sha256(description.bytes.span))), "label": .string(label),
            "created": .string(Timestamp.string(seconds: created.seconds)), "keys": keys.list,
        ])
        let key = try KeyDerivation.stretch(password: credential.secret, salt: header.salt, cost: cost)
        var object = Buffer(capacity: ObjectHeader.length + content.count + AuthenticatedCipher.tagLength)
        object.append(header.bytes.span)
        AuthenticatedCipher(key: key).seal(
            content.span, ordinal: 0, additional: description.id + Digest.sha256(header.bytes.span), into: &object)
        return object.array()
    }

    /// Tries a credential on a slot: nil when it is another method's or does not fit.
    static func open(
        _ object: [UInt8], name: ObjectName, credential: Credential, description: RepositoryDescription
    ) throws -> (keys: KeyRing, slot: KeySlot)? {
        let header = try header(of: object, name: name)
        guard header.method == credential.method, let cost = header.cost else { return nil }
        let key = try KeyDerivation.stretch(password: credential.secret, salt: header.salt, cost: cost)
        var plain = Buffer(capacity: object.count)
        let authentic = AuthenticatedCipher(key: key).open(
            object.span.extracting(ObjectHeader.length..<object.count), ordinal: 0,
            additional: description.id + Digest.sha256(header.bytes.span), into: &plain)
        guard authentic else { return nil }
        guard let content = try? JSONParser.parse(plain.array()) else {
            throw ObjectSealer.damaged(name, "it holds no JSON")
        }
        guard content["salvor"]?.text == Hexadecimal.string(Digest.sha256(description.bytes.span)) else {
            throw Failure(.damaged, "salvor.json is not the one that \(name.text) was made for")
        }
        let slot = KeySlot(
            name: name, wantsRecoveryKey: header.method == .recoveryKey, label: content["label"]?.text,
            created: content["created"]?.text)
        return (try KeyRing(content["keys"] ?? .null, object: name.text), slot)
    }

    /// The header of a slot whose bytes are those that its name promises.
    static func header(of object: [UInt8], name: ObjectName) throws -> ObjectHeader {
        guard Digest.sha256(object.span) == name.identifier else {
            throw ObjectSealer.damaged(name, "its bytes are not those that its name promises")
        }
        return try ObjectHeader(object, kinds: [.keySlot], object: name.text)
    }
}
