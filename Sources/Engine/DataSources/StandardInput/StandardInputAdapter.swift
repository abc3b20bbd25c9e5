import Entries
import Formats
import Platform

/// Backs up bytes that come once: what the process reads, or what a command writes. The source is one file.
package struct StandardInputAdapter: SourceAdapter {
    package static let name = "stdin"
    package static let summary = "- for standard input"

    /// Where the bytes come from.
    package enum Origin: Sendable {
        case input(any ByteInput)
        case command(InputCommand)
    }

    private let content: StandardInputContent

    /// Takes the origin; nothing is read or started yet.
    package init(_ origin: Origin) { content = StandardInputContent(origin) }

    package var location: String { "-" }

    /// There is nothing to look at: what can be looked at is gone then.
    package func probe() {}

    package func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        let started = context.clock.now()
        var entry = Entry(name: Array(Self.name.utf8), kind: .file, permissions: 0o600, modified: started)
        entry.user = Host.userID
        entry.group = Host.groupID
        (entry.userName, entry.groupName) = OwnerNames().names(user: entry.user, group: entry.group)
        try sink.root(entry, content: StandardInputContent.Reading(content, entry: entry, sink: sink), order: .any)
        try sink.settle()
        let bytes = content.bytes
        // A dump that died before its first byte looks just like this.
        if bytes == 0 { sink.report(Finding(.missing, location, "not a single byte came")) }
        return CaptureOutcome(dataTime: started, manifest: content.manifest)
    }
}
