import Platform
import Sealing

/// The 48 clear bytes in front of every sealed object.
struct ObjectHeader: Sendable, Equatable {
    static let length = 48
    static let saltLength = 32
    private static let magic = Array("SALVOR".utf8)
    private static let format: UInt8 = 1

    /// How the object key is reached.
    enum Method: UInt8 {
        case epochKey = 1
        case password = 2
        case recoveryKey = 3
    }

    var kind: ObjectKind
    var method: Method
    var epoch: UInt32
    /// scrypt's cost, for key slots.
    var cost: KeyDerivation.Cost?
    var salt: [UInt8]

    /// Makes the header of an object sealed with an epoch key.
    init(_ kind: ObjectKind, epoch: UInt32, salt: [UInt8]) {
        self.kind = kind
        method = .epochKey
        self.epoch = epoch
        self.salt = salt
    }

    /// Makes the header of a key slot.
    init(slot method: Method, cost: KeyDerivation.Cost, salt: [UInt8]) {
        kind = .keySlot
        self.method = method
        epoch = 0
        self.cost = cost
        self.salt = salt
    }

    /// The 48 bytes.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.bytes = Self.magic
        writer.byte(Self.format)
        writer.byte(kind.rawValue)
        writer.byte(method.rawValue)
        for value in [cost?.log2N ?? 0, cost?.r ?? 0, cost?.p ?? 0] { writer.byte(value) }
        writer.word(epoch)
        writer.bytes.append(contentsOf: salt)
        return writer.bytes
    }

    /// Reads the header of `object`, which must be of one of `kinds`.
    init(_ raw: [UInt8], kinds: [ObjectKind], object: String) throws {
        var reader = ByteReader(Array(raw.prefix(Self.length)), object: object)
        guard raw.count >= Self.length, try reader.fixed(6) == Self.magic else {
            throw reader.damaged("it does not begin as an object of a salvor repository")
        }
        let format = try reader.byte()
        guard format == Self.format else {
            // A flipped bit and a later version look the same here; a later version says so in salvor.json or
            // settings/.
            throw Failure(
                .damaged, "\(object) is damaged", hint: "use a newer salvor if one wrote to this repository",
                cause: "it has the format \(format), which this salvor does not know")
        }
        guard let kind = ObjectKind(rawValue: try reader.byte()), kinds.contains(kind),
            let method = Method(rawValue: try reader.byte()), (kind == .keySlot) == (method != .epochKey)
        else { throw reader.damaged("it is of another kind than its place") }
        let cost = try reader.fixed(3)
        epoch = try reader.word()
        salt = try reader.fixed(Self.saltLength)
        self.kind = kind
        self.method = method
        if method == .epochKey {
            guard cost == [0, 0, 0], epoch > 0 else { throw reader.damaged("its header is not as it must be") }
        } else {
            self.cost = KeyDerivation.Cost(log2N: cost[0], r: cost[1], p: cost[2])
            guard epoch == 0, self.cost?.isAcceptable == true else {
                throw reader.damaged("its header is not as it must be")
            }
        }
    }
}
