import DataSources
import Entries
import Platform

/// The bytes of a file of a faulty source.
struct FaultyContent: ContentSource {
    fileprivate let adapter: FaultyAdapter
    fileprivate let item: FaultySource.Item
    let profile = CutProfile.file

    init(_ adapter: FaultyAdapter, _ item: FaultySource.Item) {
        self.adapter = adapter
        self.item = item
    }

    func open() throws -> any ContentReader {
        let turn = adapter.state.opened(item.path)
        if turn > 0, adapter.state.comesOnce { throw Failure(.failed, "\(item.path) came once") }
        return Reader(self, turn: turn)
    }

    private final class Reader: ContentReader {
        private let content: FaultyContent
        private let changes: UInt8
        private let turn: Int
        private var position = 0
        private var isAfterEnd = false

        init(_ content: FaultyContent, turn: Int) {
            self.content = content
            self.turn = turn
            changes = content.adapter.state.changeCount
            if fault == .goesOnAfterAbandoned, turn == 1 { position = 5 }
        }

        private var fault: FaultyAdapter.Fault? { content.adapter.fault }

        /// As they are now.
        private var bytes: [UInt8] {
            var bytes = content.adapter.state.bytes
            if fault == .otherBytes, turn == 2 { bytes[100] = 1 }
            if fault == .otherBytesNextNight { bytes[100] = UInt8(content.adapter.night) }
            return bytes
        }

        func read(into buffer: inout Buffer) throws -> Bool {
            let bytes = bytes
            if fault == .emptiesBuffer { buffer.clear() }
            if fault == .trueWithoutBytes, position == bytes.count { return true }
            if fault == .bytesAfterEnd, isAfterEnd {
                buffer.append(1)
                return true
            }
            let end = min(position + buffer.room, bytes.count)
            buffer.append(bytes.span.extracting(position..<end))
            let count = end - position
            position = end
            isAfterEnd = count == 0
            return count > 0 && !(fault == .falseWithBytes && end == bytes.count)
        }

        func endOfHole(at offset: UInt64) -> UInt64? {
            let hole = FaultySource.hole
            let end = hole.offset + hole.length
            guard fault != .holeUntold, offset >= hole.offset, offset < end else { return nil }
            return fault == .holeTooLong ? end + 1 : end
        }

        func skipHole(_ count: UInt64) { if fault != .holeNotSkipped { position += Int(count) } }

        var mayBeInMotion: Bool { fault != .motionUntold && content.adapter.state.changeCount > 0 }

        func finish() throws -> (entry: Entry, unchanged: Bool) {
            var entry = content.item.entry
            entry.size = UInt64(position)
            entry.holes = [FaultySource.hole]
            if fault == .otherName { entry.name = [1] }
            if fault == .otherKind { entry.kind = .fifo }
            if fault == .otherSize { entry.size += 1 }
            if fault == .holeOfData { entry.holes = [Entry.Hole(offset: 0, length: 10)] }
            if fault == .holesOutOfOrder { entry.holes.append(Entry.Hole(offset: 5000, length: 1)) }
            let isChanged = changes != content.adapter.state.changeCount && fault != .changeUntold
            return (entry, !isChanged && fault != .calledChanged)
        }
    }
}
