/// What a backend promises; whoever deletes needs both (design §5).
package struct StoreGuarantees: Sendable, Equatable {
    /// `create` fails when the name is taken, also between machines.
    package var createIfAbsent: Bool
    /// `list` is complete.
    package var completeLists: Bool

    /// Makes a set of promises.
    package init(createIfAbsent: Bool, completeLists: Bool) {
        self.createIfAbsent = createIfAbsent
        self.completeLists = completeLists
    }
}
