import Platform

/// A kind of store that `-r` can name. A backend is one file in `Backends/` and one line in `StoreCatalog`.
package protocol StoreBackend: ObjectStore {
    /// What stands before `://`.
    static var scheme: String { get }
    /// What it is and how its location is written, in one line.
    static var summary: String { get }
    /// Opens the store at a location; a failure of kind `.noRepository` when nothing is there.
    static func open(_ location: StoreLocation) throws -> any ObjectStore
    /// Makes the place for a store, empty; one that is there already is opened.
    static func create(_ location: StoreLocation) throws -> any ObjectStore
}
