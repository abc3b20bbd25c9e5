import Formats

/// What of a database is in the snapshot only in part, what is missing, and what never is.
package struct PostgresCoverage: Sendable, Equatable {
    /// An object and why it is in this list.
    package struct Item: Sendable, Equatable {
        package var object: String
        package var reason: String

        /// Makes an item.
        package init(_ object: String, _ reason: String) {
            self.object = object
            self.reason = reason
        }
    }

    /// Its definition is there, its content is not, or comes by another way.
    package var partial: [Item] = []
    /// It should be there and is not.
    package var missing: [Item] = []
    /// A logical backup does not hold it.
    package var never: [Item] = []

    /// What a policy left out, of that which is there only in part.
    var leftOut: [Item] { partial.filter { $0.reason.contains(PostgresScope.reason) } }

    var json: JSONValue {
        func list(_ items: [Item]) -> JSONValue {
            .array(items.map { ["object": .string($0.object), "reason": .string($0.reason)] })
        }
        return ["partial": list(partial), "missing": list(missing), "never": list(never)]
    }

    init() {}

    init(_ json: JSONValue?) {
        func list(_ key: String) -> [Item] {
            (json?[key]?.elements ?? []).map { Item($0["object"]?.text ?? "", $0["reason"]?.text ?? "") }
        }
        partial = list("partial")
        missing = list("missing")
        never = list("never")
    }
}
