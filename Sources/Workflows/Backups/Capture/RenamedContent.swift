import DataSources
import Entries
import Platform

/// The content of a source that is one file: its entry has the source's name, whatever the file is called.
struct RenamedContent: ContentSource {
    let content: any ContentSource
    let name: [UInt8]

    var profile: CutProfile { content.profile }

    func open() throws -> any ContentReader { Reader(reader: try content.open(), name: name) }

    private final class Reader: ContentReader {
        private let reader: any ContentReader
        private let name: [UInt8]

        init(reader: any ContentReader, name: [UInt8]) {
            self.reader = reader
            self.name = name
        }

        func read(into buffer: inout Buffer) throws -> Bool { try reader.read(into: &buffer) }

        func endOfHole(at offset: UInt64) -> UInt64? { reader.endOfHole(at: offset) }
        func skipHole(_ count: UInt64) { reader.skipHole(count) }
        var mayBeInMotion: Bool { reader.mayBeInMotion }
        func takeBorders() -> [LineBorder]? { reader.takeBorders() }
        func noteNew(bytes: UInt64) { reader.noteNew(bytes: bytes) }

        func finish() throws -> (entry: Entry, unchanged: Bool) {
            var (entry, unchanged) = try reader.finish()
            entry.name = name
            return (entry, unchanged)
        }
    }
}
