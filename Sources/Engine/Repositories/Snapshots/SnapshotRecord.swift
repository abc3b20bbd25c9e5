import Formats
import Platform

/// One object of `snapshots/`: a snapshot, a fence, or the evidence of a drill.
package struct SnapshotRecord: Sendable, Equatable {
    /// What the record stands for.
    package enum Kind: String, Sendable {
        case snapshot
        case fence
        case evidence
    }

    /// One source in a snapshot.
    package struct Source: Sendable, Equatable {
        package var name: String
        package var adapter: String
        package var location: String
        package var dataTime: Instant
        /// The source's own word on what it held.
        package var manifest: Content
        /// Counts for people and progress: files, bytes, …
        package var statistics: JSONValue
        /// What could not be captured, at most 100 objects with their reasons.
        package var missing: [String]

        /// Makes a source.
        package init(
            name: String, adapter: String, location: String, dataTime: Instant, manifest: Content,
            statistics: JSONValue,
            missing: [String]
        ) {
            self.name = name
            self.adapter = adapter
            self.location = location
            self.dataTime = dataTime
            self.manifest = manifest
            self.statistics = statistics
            self.missing = missing
        }
    }

    package var kind: Kind
    /// The session's 16 bytes; the record's name.
    package var session: [UInt8]
    package var system = ""
    package var host = ""
    package var user = ""
    package var tags: [String] = []
    package var tool = ""
    package var started = Instant(seconds: 0)
    /// The instant that the data represents: the earliest of the sources'.
    package var dataTime = Instant(seconds: 0)
    /// The writer's clock at commit.
    package var committedBy = Instant(seconds: 0)
    /// The records that the writer saw and that no other record it saw names.
    package var heads: [[UInt8]] = []
    /// The pages of the directory that holds the sources' roots.
    package var root = Content.empty
    package var sources: [Source] = []
    /// For evidence: the session of the snapshot that was drilled.
    package var drilled: [UInt8]?
    /// For evidence: the report's JSON.
    package var report: Content?
    /// For evidence: the upkeep key's signature; nil when nobody signed.
    var signature: [UInt8]?

    /// Makes a record of a kind, with nothing in it yet.
    package init(_ kind: Kind, session: [UInt8]) {
        self.kind = kind
        self.session = session
    }

    /// The session in hexadecimal: the id that people see.
    package var identifier: String { Hexadecimal.string(session) }
    /// The first eight digits of it.
    package var shortIdentifier: String { String(identifier.prefix(8)) }
}
