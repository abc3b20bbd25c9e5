import Platform

/// Every kind of store that this version has.
package enum StoreCatalog {
    /// One line a backend.
    package static let all: [any StoreBackend.Type] = [
        LocalStore.self
    ]

    /// Opens the store at a location; a failure of kind `.noRepository` when nothing is there.
    package static func open(_ location: StoreLocation) throws -> any ObjectStore {
        try backend(for: location).open(location)
    }

    /// Makes the place for a store, empty; one that is there already is opened.
    package static func create(_ location: StoreLocation) throws -> any ObjectStore {
        try backend(for: location).create(location)
    }

    private static func backend(for location: StoreLocation) throws(Failure) -> any StoreBackend.Type {
        if let backend = all.first(where: { $0.scheme == location.scheme }) { return backend }
        throw Failure(
            .usage, "this version of salvor has no store of the kind \(location.scheme)",
            hint: "it has: " + all.map { $0.summary }.joined(separator: "; "))
    }
}
