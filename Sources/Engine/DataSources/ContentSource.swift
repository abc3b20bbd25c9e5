/// The bytes of an entry, not read yet. The sink opens it on a thread of its choice.
package protocol ContentSource: Sendable {
    /// How to cut.
    var profile: CutProfile { get }
    /// Begins to read. May be called again after a failed or unfinished reading, and must then begin anew; it throws
    /// when there is nothing to read a second time.
    func open() throws -> any ContentReader
}
