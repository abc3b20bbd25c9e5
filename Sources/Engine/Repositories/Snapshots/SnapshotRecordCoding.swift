import Formats
import Platform

extension SnapshotRecord {
    /// The record's JSON.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("format", 1), .init("kind", .string(kind.rawValue)), .init("session", .string(identifier)),
        ]
        if kind == .fence { return .object(members) }
        members += [
            .init("system", .string(system)), .init("host", .string(host)), .init("user", .string(user)),
            .init("tags", .array(tags.map { .string($0) })), .init("tool", .string(tool)),
            .init("started", Self.time(started)), .init("dataTime", Self.time(dataTime)),
            .init("committedBy", Self.time(committedBy)),
            .init("heads", .array(heads.map { .string(Hexadecimal.string($0)) })), .init("origin", .null),
        ]
        if kind == .evidence {
            members.append(.init("snapshot", drilled.map { .string(Hexadecimal.string($0)) } ?? .null))
            members.append(.init("report", report?.json ?? .null))
            members.append(.init("signature", signature.map { .string(Base64.string($0)) } ?? .null))
        } else {
            members.append(.init("root", root.json))
            members.append(.init("sources", .array(sources.map { $0.json })))
        }
        return .object(members)
    }

    static func time(_ instant: Instant) -> JSONValue {
        .string(Timestamp.string(seconds: instant.seconds, nanoseconds: instant.nanoseconds))
    }

    static func instant(_ json: JSONValue?) -> Instant? {
        json?.text.flatMap { Timestamp.parse($0) }.map { Instant(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
    }

    /// Reads a record; `object` is named in failures, `session` is what its name says.
    init(_ json: JSONValue, session: [UInt8], object: String) throws {
        let damaged = Failure(.damaged, "\(object) is damaged", cause: "it is not a record of this format")
        guard let format = json["format"]?.whole, let kindName = json["kind"]?.text else { throw damaged }
        guard format == 1, let kind = Kind(rawValue: kindName) else {
            throw Failure(
                .failed, "\(object) is of the kind “\(kindName)”, format \(format), which this salvor does not know",
                hint: "use a newer salvor")
        }
        guard json["session"]?.text == Hexadecimal.string(session) else { throw damaged }
        self.init(kind, session: session)
        if kind == .fence { return }
        guard let system = json["system"]?.text, let host = json["host"]?.text, let user = json["user"]?.text,
            let tool = json["tool"]?.text, let started = Self.instant(json["started"]),
            let dataTime = Self.instant(json["dataTime"]), let committedBy = Self.instant(json["committedBy"])
        else { throw damaged }
        self.system = system
        self.host = host
        self.user = user
        self.tool = tool
        self.started = started
        self.dataTime = dataTime
        self.committedBy = committedBy
        tags = (json["tags"]?.elements ?? []).compactMap { $0.text }
        heads = (json["heads"]?.elements ?? []).compactMap { $0.text.flatMap { Hexadecimal.bytes($0) } }
        if kind == .evidence {
            drilled = json["snapshot"]?.text.flatMap { Hexadecimal.bytes($0) }
            guard let report = Content(json["report"]) else { throw damaged }
            self.report = report
            signature = json["signature"]?.text.map { Base64.bytes($0) ?? [] }
        } else {
            guard let root = Content(json["root"]), let list = json["sources"]?.elements else { throw damaged }
            self.root = root
            for element in list {
                guard let source = Source(element) else { throw damaged }
                sources.append(source)
            }
        }
    }
}

extension SnapshotRecord.Source {
    var json: JSONValue {
        [
            "name": .string(name), "adapter": .string(adapter), "location": .string(location),
            "dataTime": SnapshotRecord.time(dataTime), "manifest": manifest.json, "statistics": statistics,
            "missing": .array(missing.map { .string($0) }),
        ]
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.text, let adapter = json["adapter"]?.text, let location = json["location"]?.text,
            let dataTime = SnapshotRecord.instant(json["dataTime"]), let manifest = Content(json["manifest"])
        else { return nil }
        self.init(
            name: name, adapter: adapter, location: location, dataTime: dataTime, manifest: manifest,
            statistics: json["statistics"] ?? .null, missing: (json["missing"]?.elements ?? []).compactMap { $0.text })
    }
}
