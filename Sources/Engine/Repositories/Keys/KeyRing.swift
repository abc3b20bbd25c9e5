import Formats
import Platform
import Sealing

/// The keys that a password or recovery key gave: all of them, or a role's.
package struct KeyRing: Sendable {
    private struct Place: Hashable {
        var purpose: KeyPurpose
        var epoch: UInt32
    }

    private var keys: [Place: SecretBytes] = [:]
    /// The newest epoch; new objects are sealed with it.
    package private(set) var currentEpoch: UInt32 = 1

    /// Makes the keys of a new repository.
    package init(randomness: any Randomness) {
        for purpose in KeyPurpose.allCases where purpose != .upkeepPublic {
            keys[Place(purpose: purpose, epoch: 1)] = SecretBytes(randomness.bytes(32))
        }
        if let upkeep = keys[Place(purpose: .upkeep, epoch: 1)] {
            keys[Place(purpose: .upkeepPublic, epoch: 1)] = SecretBytes(Signature.publicKey(of: upkeep))
        }
    }

    /// Reads the list of a key slot.
    init(_ list: JSONValue, object: String) throws {
        let problem = Failure(.damaged, "\(object) holds no list of keys")
        guard let elements = list.elements, elements.count <= 1024 else { throw problem }
        for element in elements {
            guard let name = element["purpose"]?.text, let epoch = element["epoch"]?.whole,
                let number = UInt32(exactly: epoch), number > 0,
                let key = element["key"]?.text.flatMap({ Base64.bytes($0) }), key.count == 32
            else { throw problem }
            // A purpose of a later version is of no use to this one.
            guard let purpose = KeyPurpose(rawValue: name) else { continue }
            keys[Place(purpose: purpose, epoch: number)] = SecretBytes(key)
            currentEpoch = max(currentEpoch, number)
        }
    }

    /// The list as a key slot holds it.
    var list: JSONValue {
        let places = keys.keys.sorted { ($0.epoch, $0.purpose.rawValue) < ($1.epoch, $1.purpose.rawValue) }
        return .array(
            places.compactMap { place in
                guard let key = keys[place] else { return nil }
                return [
                    "purpose": .string(place.purpose.rawValue), "epoch": JSONValue(place.epoch),
                    "key": .string(Base64.string(unsafe key.withBytes { unsafe Array($0) })),
                ]
            })
    }

    /// Whether there is a key of a purpose, of whatever epoch.
    func holds(_ purpose: KeyPurpose) -> Bool { keys.keys.contains { $0.purpose == purpose } }

    /// A key. Throws `.wrongKey` when this role does not hold it.
    package func key(_ purpose: KeyPurpose, epoch: UInt32? = nil) throws -> SecretBytes {
        if let key = keys[Place(purpose: purpose, epoch: epoch ?? currentEpoch)] { return key }
        throw Failure(
            .wrongKey, "this password does not hold the \(purpose.rawValue) key of epoch \(epoch ?? currentEpoch)",
            hint: "use a password with a wider role")
    }
}
