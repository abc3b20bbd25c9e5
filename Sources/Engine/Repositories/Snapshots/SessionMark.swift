import Formats
import Platform
import Storage

/// The mark of a writer that has begun and not ended: it works now, or was killed.
package struct SessionMark: Sendable, Equatable {
    /// The session in hexadecimal.
    package var session: String
    /// What it does: `backup`, `evidence`; nil when the mark cannot be read.
    package var purpose: String?
    /// The machine that it runs on.
    package var host: String?
    /// Its process there.
    package var process: Int32?
    /// When it began, by its own clock.
    package var started: Instant?
}

extension Repository {
    /// The marks of all writers that have neither committed nor given up, by name.
    package func openSessions() throws -> [SessionMark] {
        let ended = Set(try names(in: .record).map(\.last) + names(in: .forgotten).map(\.last))
        return try names(in: .sessionMark).filter { !ended.contains($0.last) }.compactMap(mark)
    }

    /// What a mark says; nil when it was removed meanwhile.
    private func mark(_ name: ObjectName) throws -> SessionMark? {
        var mark = SessionMark(session: name.last)
        do {
            let value = try Self.json(try document(.sessionMark, name: name, limit: Limits.recordBytes), name)
            mark.purpose = value["purpose"]?.text
            mark.host = value["host"]?.text
            mark.process = value["process"]?.whole.flatMap { Int32(exactly: $0) }
            mark.started = value["started"]?.text.flatMap { Timestamp.parse($0) }
                .map { Instant(seconds: $0.seconds, nanoseconds: $0.nanoseconds) }
        } catch let failure as Failure where failure.kind == .damaged {
            // Whose it was cannot be told; that it is there can.
            if (try? store.length(name)) == nil { return nil }
        }
        return mark
    }

    /// The number of the newest generation of keys that this opening gave.
    package var keyEpoch: UInt32 { sealer.keys.currentEpoch }
}
