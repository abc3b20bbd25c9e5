import Formats
import Platform

/// Whose a staging area is, written into it before anything else: for the sweep of a later drill, and for people.
struct StagingLease: Equatable {
    /// The file's name in the area.
    static let fileName = Array("lease".utf8)

    var drill: String
    var process: Int32
    /// When the process started, in clock ticks since the boot: with `boot` it tells the process from a later one.
    var processStarted: UInt64
    var boot: String
    var host: String
    var created: Instant
    /// Until when nobody removes the area although its process has ended; nil for no longer than that.
    var keptUntil: Instant?

    /// The lease of this process.
    static func ours(drill: String, clock: any Clock) -> StagingLease {
        StagingLease(
            drill: drill, process: Host.processID, processStarted: ProcessTable.startTime(of: Host.processID) ?? 0,
            boot: ProcessTable.bootIdentifier(), host: Host.name(), created: clock.now())
    }

    /// Whether the process that wrote the lease still runs, on this machine, since the same boot.
    var isOfLivingProcess: Bool {
        boot == ProcessTable.bootIdentifier() && ProcessTable.startTime(of: process) == processStarted
    }

    /// The lease as the file's text.
    var text: [UInt8] {
        let value: JSONValue = [
            "schema": "salvor.lease/1",
            "drill": .string(drill),
            "pid": JSONValue(process),
            "pidStarted": JSONValue(processStarted),
            "boot": .string(boot),
            "host": .string(host),
            "created": .string(Timestamp.string(seconds: created.seconds, nanoseconds: created.nanoseconds)),
            "keptUntil": JSONValue(keptUntil.map { Timestamp.string(seconds: $0.seconds) }),
        ]
        return JSONWriter.bytes(value) + [0x0a]
    }

    /// The lease in a file's text; nil when it is none, such as one that a kill left unfinished.
    static func parse(_ text: [UInt8]) -> StagingLease? {
        guard let value = try? JSONParser.parse(text), value["schema"]?.text == "salvor.lease/1",
            let drill = value["drill"]?.text, let process = value["pid"]?.whole.flatMap(Int32.init(exactly:)),
            let started = value["pidStarted"]?.whole.flatMap(UInt64.init(exactly:)), let boot = value["boot"]?.text,
            let host = value["host"]?.text,
            let created = value["created"]?.text.flatMap({ Timestamp.parse($0) })
        else { return nil }
        return StagingLease(
            drill: drill, process: process, processStarted: started, boot: boot, host: host,
            created: Instant(seconds: created.seconds, nanoseconds: created.nanoseconds),
            keptUntil: value["keptUntil"]?.text.flatMap { Timestamp.parse($0) }.map { Instant(seconds: $0.seconds) })
    }
}
