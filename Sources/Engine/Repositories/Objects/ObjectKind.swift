import Storage

/// What a sealed object is; the number stands in its header.
package enum ObjectKind: UInt8, Sendable, CaseIterable {
    case dataPack = 1
    case treePack = 2
    case index = 3
    case record = 4
    case sessionMark = 5
    case settings = 6
    case keySlot = 7
    case condemned = 8
    case waits = 9
    case forgotten = 10

    /// The folder where objects of this kind live.
    package var folder: String {
        switch self {
        case .dataPack, .treePack: "packs"
        case .index: "index"
        case .record: "snapshots"
        case .sessionMark: "sessions"
        case .settings: "settings"
        case .keySlot: "keys"
        case .condemned: "condemned"
        case .waits: "waits"
        case .forgotten: "forgotten"
        }
    }

    /// Whose key seals the body.
    var purpose: KeyPurpose {
        switch self {
        case .dataPack: .data
        case .index: .index
        default: .metadata
        }
    }

    /// Bytes that the last part of the object's name spells.
    var nameLength: Int {
        switch self {
        case .record, .sessionMark, .forgotten: 16
        default: 32
        }
    }

    /// Whether the object's name is the SHA-256 of the object.
    var isNamedByHash: Bool {
        switch self {
        case .record, .sessionMark, .forgotten, .waits: false
        default: true
        }
    }
}
