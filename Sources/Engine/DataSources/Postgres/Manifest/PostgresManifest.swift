import Formats
import Platform

/// What a server said of itself and its databases when they were captured; a drill compares with it.
package struct PostgresManifest: Sendable, Equatable {
    /// The version in words: `15.18 (Debian 15.18-0+deb12u1)`.
    package var serverVersion: String
    /// The version as a number: 150018.
    package var serverVersionNumber: Int
    /// The role that made the cluster: a staging cluster must be made by one of the same name.
    package var bootstrapRole: String
    /// Whether `globals.sql` is there: roles, their memberships and settings.
    package var hasGlobals: Bool
    package var databases: [PostgresDatabaseManifest]

    /// The major version: 15.
    package var major: Int { serverVersionNumber / 10_000 }

    /// What `CaptureOutcome.manifest` holds. `captures` is what changes each time: times and positions.
    func json(captures: [String: JSONValue]) -> JSONValue {
        .object([
            .init("adapter", "postgres"), .init("format", 1),
            .init("server", serverJSON), .init("globals", .bool(hasGlobals)),
            .init(
                "databases",
                .array(
                    databases.map { database in
                        guard case .object(let members) = database.json, let capture = captures[database.name] else {
                            return database.json
                        }
                        return .object(members + [.init("capture", capture)])
                    })),
        ])
    }

    /// The server's part of the manifest.
    var serverJSON: JSONValue {
        [
            "version": .string(serverVersion), "versionNumber": JSONValue(serverVersionNumber),
            "bootstrapRole": .string(bootstrapRole),
        ]
    }

    init(serverVersion: String, serverVersionNumber: Int, bootstrapRole: String, hasGlobals: Bool) {
        self.serverVersion = serverVersion
        self.serverVersionNumber = serverVersionNumber
        self.bootstrapRole = bootstrapRole
        self.hasGlobals = hasGlobals
        databases = []
    }

    /// Reads a manifest back; throws when it is not one of ours.
    package init(_ json: JSONValue) throws(Failure) {
        guard json["adapter"]?.text == "postgres", json["format"]?.whole == 1, let list = json["databases"]?.elements,
            let number = json["server"]?["versionNumber"]?.whole
        else {
            throw Failure(
                .failed, "the manifest of this source is none that this salvor reads for PostgreSQL",
                hint: "use the salvor that made the snapshot, or a newer one")
        }
        serverVersion = json["server"]?["version"]?.text ?? ""
        serverVersionNumber = Int(number)
        bootstrapRole = json["server"]?["bootstrapRole"]?.text ?? "postgres"
        hasGlobals = json["globals"]?.flag ?? false
        databases = []
        for element in list { databases.append(try PostgresDatabaseManifest(element)) }
    }
}

extension JSONValue {
    /// A 128-bit sum as 32 hexadecimal digits.
    static func sum(_ sum: UInt128) -> JSONValue {
        let digits = String(sum, radix: 16)
        return .string(String(repeating: "0", count: 32 - digits.utf8.count) + digits)
    }

    /// What `sum` wrote.
    var sum: UInt128? { text.flatMap { UInt128($0, radix: 16) } }
    /// The texts of an array; none when it is no array.
    var texts: [String] { elements?.compactMap(\.text) ?? [] }
}
