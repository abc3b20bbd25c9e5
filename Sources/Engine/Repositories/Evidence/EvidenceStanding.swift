/// Whose word a piece of evidence is.
package enum EvidenceStanding: String, Sendable, Equatable {
    /// The holder of the upkeep key signed it.
    case signed
    /// Nobody signed it: its writer's password does not hold the upkeep key.
    case unsigned
    /// Its signature is not genuine.
    case forged
}
