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

        /// The kind that cannot be without the field.
        func isRequired(for kind: Entry.Kind) -> Bool {
            switch self {
            case .file: kind == .file
            case .children: kind == .directory
            case .linkTarget: kind == .symlink
            case .device: kind == .characterDevice || kind == .blockDevice
            default: false
            }
        }

        /// Whether an entry of the kind may have the field.
        func belongs(to kind: Entry.Kind) -> Bool {
            switch self {
            case .file, .children, .linkTarget, .device: isRequired(for: kind)
            case .holes: kind == .file
            case .attributes, .inodeFlags, .born, .unsettled: true
            }
        }
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
        var isWhole = false
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
            guard field.belongs(to: item.entry.kind) else {
                throw reader.damaged("an entry has a field of another kind")
            }
            var inner = ByteReader(payload, object: object)
            try read(field, &inner, into: &item)
            try inner.finish()
            if field.isRequired(for: item.entry.kind) { isWhole = true }
        }
        let needsField = ![.fifo, .socket].contains(item.entry.kind)
        guard isWhole || !needsField else {
            throw reader.damaged("the entry “\(printable(item.entry.name))” is not whole")
        }
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
        entry.userName = try reader.text(Limits.ownerNameBytes)
        entry.groupName = try reader.text(Limits.ownerNameBytes)
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
        case .linkTarget:
            item.entry.linkTarget = try reader.fixed(reader.remaining)
            guard isTarget(item.entry.linkTarget) else { throw reader.damaged("a symlink's target is none") }
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
        for _ in 0..<(try reader.count(Limits.attributes)) {
            let attribute = ExtendedAttribute(
                name: try reader.sized(Limits.attributeNameBytes), value: try reader.sized(Limits.entryBytes))
            guard !attribute.name.isEmpty, !attribute.name.contains(0),
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
        for _ in 0..<(try reader.count(Limits.holes)) {
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

    static func isProper(_ name: [UInt8]) -> Bool {
        (1...Limits.nameBytes).contains(name.count) && !name.contains(0) && !name.contains(UInt8(ascii: "/"))
            && name != [0x2e] && name != [0x2e, 0x2e]
    }

    static func isTarget(_ bytes: [UInt8]) -> Bool { !bytes.isEmpty && !bytes.contains(0) }
}
