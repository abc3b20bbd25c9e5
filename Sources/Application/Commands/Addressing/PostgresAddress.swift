import DataSources
import Platform

/// The name that a database's source gets when nobody gives one.
enum PostgresAddress {
    /// The database's name as a source's name; the service's where only a service is given, `postgres` for several
    /// databases. A usage failure when the address says none of them.
    static func sourceName(_ address: String) throws(Failure) -> String {
        let location = try PostgresLocation(address)
        let hint = "name it yourself: NAME=\(address)"
        guard let name = name(location) else {
            throw Failure(.usage, "the address \(address) says no name of a database", hint: hint)
        }
        guard let derived = SourceName.derived(from: name.utf8) else {
            throw Failure(.usage, "no name for the source can be made of the database `\(name)`", hint: hint)
        }
        return derived
    }

    private static func name(_ location: PostgresLocation) -> String? {
        switch location.databases {
        case .one: location.database ?? location.options.first { $0.keyword == "service" }?.value
        case .named(let names) where names.count == 1: names[0]
        case .named, .all: "postgres"
        }
    }
}
