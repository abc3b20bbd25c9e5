import Platform

/// What a person shows to open a repository.
package enum Credential: Sendable {
    case password(SecretBytes)
    case recoveryKey(RecoveryKey)

    var method: ObjectHeader.Method {
        switch self {
        case .password: .password
        case .recoveryKey: .recoveryKey
        }
    }

    var secret: SecretBytes {
        switch self {
        case .password(let password): password
        case .recoveryKey(let key): key.password
        }
    }
}
