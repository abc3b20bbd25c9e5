/// Where snapshots go, and where the password stands.
package struct RepositoryPolicy: Sendable, Equatable {
    /// The store's location, as `-r` takes it.
    package var url: String
    package var password: SecretReference

    /// Names a repository.
    package init(url: String, password: SecretReference) {
        self.url = url
        self.password = password
    }
}
