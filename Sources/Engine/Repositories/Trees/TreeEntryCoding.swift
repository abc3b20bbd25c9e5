import Entries
import Platform

/// Entries as bytes of a tree page, and back.
enum TreeEntryCoding {
    private enum Field: UInt8 {
        case file = 1
        case children = 2
        case linkTarget = 3
        case device = 4
        case attributes = 5
        case inodeFlags = 6
        case holes = 7
        case born = 8
        case unsettled = 9
    }

    /// Appends an entry with its length in front.
    static func write(_ item: TreeEntry, to writer: inout ByteWriter) {
        var inner = ByteWriter()
        inner.bytes.reserveCapacity(160)
        writeHead(item.entry, to: &inner)
        writeFields(item, to: &inner)
        writer.sized(inner.bytes)
    }

    private static func writeHead(_ entry: Entry, to writer: inout ByteWriter) {
        writer.byte(entry.kind.rawValue)
        writer.sized(entry.name)
        writer.varint(UInt64(entry.permissions))
        writer.varint(UInt64(entry.user))
        writer.varint(UInt64(entry.group))
        writer.text(entry.userName)
        writer.text(entry.groupName)
        for instant in [entry.modified, entry.changed] {
            writer.zigzag(instant.seconds)
            writer.varint(UInt64(instant.nanoseconds))
        }
        writer.varint(entry.inode)
        writer.varint(entry.device)
        writer.varint(UInt64(entry.links))
    }

    private static func writeFields(_ item: TreeEntry, to writer: inout ByteWriter) {
        func field(_ tag: Field, _ body: (inout ByteWriter) -> Void) {
            var inner = ByteWriter()
            body(&inner)
            writer.byte(tag.rawValue)
            writer.sized(inner.bytes)
        }
        let entry = item.entry
        if entry.kind == .file {
            field(.file) {
                $0.bytes = entry.digest; (item.content ?? .empty).write(to: &$0)
            }
        }
        if entry.kind == .directory { field(.children) { (item.content ?? .empty).write(to: &$0) } }
        if entry.kind == .symlink { field(.linkTarget) { $0.bytes = entry.linkTarget } }
        if entry.kind == .characterDevice || entry.kind == .blockDevice {
            field(.device) { $0.varint(entry.specialDevice) }
        }
        if !entry.attributes.isEmpty {
            field(.attributes) { inner in
                inner.varint(entry.attributes.count)
                for attribute in entry.attributes {
                    inner.sized(attribute.name)
                    inner.sized(attribute.value)
                }
            }
        }
        if entry.inodeFlags != 0 { field(.inodeFlags) { $0.varint(UInt64(entry.inodeFlags)) } }
        if !entry.holes.isEmpty { field(.holes) { write(entry.holes, to: &$0) } }
        if let born = entry.born {
            field(.born) { inner in
                inner.zigzag(born.seconds)
                inner.varint(UInt64(born.nanoseconds))
            }
        }
        if !item.isSettled { field(.unsettled) { _ in } }
    }

    private static func write(_ holes: [Entry.Hole], to writer: inout ByteWriter) {
        writer.varint(holes.count)
        var end: UInt64 = 0
        for hole in holes {
            writer.varint(hole.offset - end)
            writer.varint(hole.length)
            end = hole.offset + hole.length
        }
    }

    /// Reads the entry at the reader's position.
    static func read(from outer: inout ByteReader, object: String) throws -> TreeEntry {
        let bytes = try outer.sized(Limits.entryBytes)
        var reader = ByteReader(bytes, object: object)
        var item = TreeEntry(entry: try readHead(&reader), content: nil, isSettled: true)
        var last: UInt8 = 0
        while !reader.isAtEnd {
            let tag = try reader.byte()
            guard tag > last else { throw reader.damaged("the fields of an entry are out of order") }
            last = tag
            let payload = try reader.sized(Limits.entryBytes)
            guard let field = Field(rawValue: tag) else {
                if tag >= 128 { continue }
                throw Failure(
                    .failed, "\(object) holds the field \(tag), which this salvor does not know",
                    hint: "use a newer salvor")
            }
            var inner = ByteReader(payload, object: object)
            try read(field, &inner, into: &item)
            try inner.finish()
        }
        try demandComplete(item, reader)
        return item
    }

    private static func readHead(_ reader: inout ByteReader) throws -> Entry {
        guard let kind = Entry.Kind(rawValue: try reader.byte()) else {
            throw reader.damaged("an entry of an unknown kind")
        }
        let name = try reader.sized(Limits.nameBytes)
        guard isProper(name) else {
            throw reader.damaged("an entry has the name “\(printable(name))”, which no file can have")
        }
        let permissions = UInt16(try reader.count(0o7777))
        var entry = Entry(name: name, kind: kind, permissions: permissions, modified: Instant(seconds: 0))
        entry.user = try reader.small()
        entry.group = try reader.small()
        entry.userName = try reader.text(256)
        entry.groupName = try reader.text(256)
        entry.modified = try instant(&reader)
        entry.changed = try instant(&reader)
        entry.inode = try reader.varint()
        entry.device = try reader.varint()
        entry.links = try reader.small()
        return entry
    }

    private static func read(_ field: Field, _ reader: inout ByteReader, into item: inout TreeEntry) throws {
        switch field {
        case .file:
            item.entry.digest = try reader.fixed(32)
            let content = try Content(from: &reader)
            item.content = content
            item.entry.size = content.length
        case .children: item.content = try Content(from: &reader)
        case .linkTarget: item.entry.linkTarget = try reader.fixed(reader.remaining)
        case .device: item.entry.specialDevice = try reader.varint()
        case .attributes: item.entry.attributes = try attributes(&reader)
        case .inodeFlags: item.entry.inodeFlags = try reader.small()
        case .holes: item.entry.holes = try holes(&reader, size: item.entry.size)
        case .born: item.entry.born = try instant(&reader)
        case .unsettled: item.isSettled = false
        }
    }

    private static func attributes(_ reader: inout ByteReader) throws -> [ExtendedAttribute] {
        var attributes: [ExtendedAttribute] = []
        for _ in 0..<(try reader.count(4096)) {
            let attribute = ExtendedAttribute(name: try reader.sized(255), value: try reader.sized(Limits.entryBytes))
            guard !attribute.name.contains(0),
                attributes.last.map({ $0.name.lexicographicallyPrecedes(attribute.name) }) ?? true
            else {
                throw reader.damaged("the attributes of an entry are out of order")
            }
            attributes.append(attribute)
        }
        return attributes
    }

    private static func holes(_ reader: inout ByteReader, size: UInt64) throws -> [Entry.Hole] {
        var holes: [Entry.Hole] = []
        var end: UInt64 = 0
        for _ in 0..<(try reader.count(1 << 20)) {
            let (offset, first) = end.addingReportingOverflow(try reader.varint())
            let length = try reader.varint()
            let (next, second) = offset.addingReportingOverflow(length)
            guard !first, !second, length > 0, next <= size else {
                throw reader.damaged("a hole lies outside its file")
            }
            holes.append(Entry.Hole(offset: offset, length: length))
            end = next
        }
        return holes
    }

    private static func instant(_ reader: inout ByteReader) throws -> Instant {
        let seconds = try reader.zigzag()
        return Instant(seconds: seconds, nanoseconds: UInt32(try reader.count(999_999_999)))
    }

    private static func isProper(_ name: [UInt8]) -> Bool {
        !name.isEmpty && !name.contains(0) && !name.contains(UInt8(ascii: "/")) && name != [0x2e]
            && name != [0x2e, 0x2e]
    }

    private static func demandComplete(_ item: TreeEntry, _ reader: ByteReader) throws {
        let whole =
            switch item.entry.kind {
            case .file: item.content != nil && item.entry.digest.count == 32
            case .directory: item.content != nil && item.entry.digest.isEmpty
            case .symlink: item.content == nil && !item.entry.linkTarget.isEmpty && !item.entry.linkTarget.contains(0)
            default: item.content == nil
            }
        guard whole else { throw reader.damaged("the entry “\(printable(item.entry.name))” is not whole") }
    }
}
