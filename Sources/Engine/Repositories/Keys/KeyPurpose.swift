/// What a key of the repository is for.
package enum KeyPurpose: String, Sendable, CaseIterable {
    case id
    case cut
    case index
    case metadata
    case data
    case upkeep
    case upkeepPublic = "upkeep-public"
}
