import Formats
import Platform
import Repositories
import Storage

/// How verbs reach the repository that the command line names.
extension CommandContext {
    /// Where the repository is: as `-r` says, else the policy, else `SALVOR_REPOSITORY`.
    func storeLocation() throws -> StoreLocation {
        if let location = try policyLocation() { return location }
        guard let text = try arguments.text(GlobalOptions.repository) else {
            throw Failure(
                .usage, "no repository is given",
                hint: "give \(GlobalOptions.repository.name) URL or \(GlobalOptions.policy.name) FILE, or set "
                    + (GlobalOptions.repository.variable ?? ""))
        }
        return try StoreLocation(text)
    }

    /// The repository, opened.
    func openRepository() throws -> Repository { try openRepositoryWithCredential().repository }

    /// The repository, and what opened it.
    func openRepositoryWithCredential() throws -> (repository: Repository, credential: Credential) {
        let (store, credential) = try access()
        return (try open(store, credential: credential), credential)
    }

    /// Opens the repository in a store. What is damaged in it and could be done without is told from now on: the run
    /// succeeds, and a person must know all the same.
    func open(_ store: any ObjectStore, credential: Credential) throws -> Repository {
        let repository = try Repository.open(store, credential: credential)
        repository.notices.listen { [output] notice in
            output.warn("\(notice.object): \(notice.sentence)\n  hint: run `salvor check --read-data`")
            // An output that is broken fails the run by itself.
            try? output.record(
                "notice", [.init("object", .string(notice.object)), .init("sentence", .string(notice.sentence))])
        }
        return repository
    }

    /// The store of the repository and what opens it. Whether there is a repository is found out before anybody is
    /// asked for a password.
    func access() throws -> (store: any ObjectStore, credential: Credential) {
        let store = try StoreCatalog.open(try storeLocation())
        guard try holdsRepository(store) else { throw noRepository(in: store) }
        return (store, try passwords.existing(arguments))
    }

    /// What to say of a store that holds no repository.
    func noRepository(in store: any ObjectStore) -> Failure {
        Failure(
            .noRepository, "there is no repository in \(store.location)",
            hint: "make one with `salvor init`, or check -r and SALVOR_REPOSITORY")
    }

    /// Whether a store has the object that makes it a repository.
    func holdsRepository(_ store: any ObjectStore) throws -> Bool {
        guard let name = ObjectName("salvor.json") else { return false }
        do {
            _ = try store.length(name)
            return true
        } catch let failure as Failure where failure.systemError == Self.noSuchObject {
            return false
        }
    }

    /// ENOENT, by which stores say that there is no such object.
    private static let noSuchObject: Int32 = 2
}
