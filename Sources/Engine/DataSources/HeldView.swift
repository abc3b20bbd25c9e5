import Platform

/// A view of a source at one instant that lasts as long as its capture: others may look at the same instant meanwhile.
package struct HeldView: Sendable, Equatable {
    /// What is held: a database's name.
    package var object: String
    /// What others name it by: for PostgreSQL what `SET TRANSACTION SNAPSHOT` takes.
    package var handle: String
    /// The instant, by the source's clock.
    package var dataTime: Instant
    /// Where the source's log stood, empty when that is not known.
    package var position: String

    /// Describes a view.
    package init(object: String, handle: String, dataTime: Instant, position: String) {
        self.object = object
        self.handle = handle
        self.dataTime = dataTime
        self.position = position
    }
}
