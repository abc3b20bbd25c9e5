import Platform

/// One directory of one of two trees that are compared: its entries in ascending order of names.
protocol ComparedDirectory: ComparedPlace {
    /// The next entry, which stays the next one; nil at the end. After a throw the next call goes on behind what could
    /// not be read.
    func peek() throws -> ComparedEntry?
    /// Passes over the next entry.
    func pass()
    /// Whether entries before the next one, or before the end, could not be read.
    var hasGap: Bool { get }
    /// A directory in it.
    func enter(_ entry: ComparedEntry) throws -> any ComparedDirectory
    /// Lets go of memory until it is asked for an entry again.
    func rest()
}
