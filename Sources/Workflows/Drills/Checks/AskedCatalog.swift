import Platform
import Policies

/// Every type of check that a policy may ask for, beside the ones that adapters bring.
enum AskedCatalog {
    /// The types themselves.
    static let all: [any AskedCheck.Type] = [
        SQLCheck.self,
        SQLLagCheck.self,
        ReferencesCheck.self,
        CommandCheck.self,
        HTTPCheck.self,
    ]

    /// The check that a policy describes; nil for one that an adapter brings.
    static func check(_ policy: CheckPolicy, of system: StagedSystem) -> (any AskedCheck)? {
        for type in all {
            if let check = type.init(policy, of: system) { return check }
        }
        return nil
    }
}
