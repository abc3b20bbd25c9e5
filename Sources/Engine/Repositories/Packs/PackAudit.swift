import Platform
import Sealing
import Storage

/// Reads whole packs: their directory, and with `verify` every byte of them. Used by one thread.
package final class PackAudit {
    private let repository: Repository
    private let opener: FrameOpener
    private var plain = Buffer(capacity: Limits.frameBytes)

    /// Reads packs of `repository`.
    package init(_ repository: Repository) {
        self.repository = repository
        opener = FrameOpener(namer: repository.namer())
    }

    /// The pack's directory, from its own end.
    package func directory(of name: ObjectName) throws -> FinishedPack {
        let length = try repository.store.length(name)
        guard length >= UInt64(ObjectHeader.length + 8), length <= Limits.packBytes else {
            throw ObjectSealer.damaged(name, "a pack cannot have \(length) bytes")
        }
        let trailer = try read(name, length - 8, 8)
        let directoryLength = try directoryLength(trailer, name: name, room: length - UInt64(ObjectHeader.length) - 8)
        let head = try read(name, 0, ObjectHeader.length)
        let sealed = try read(name, length - 8 - UInt64(directoryLength), directoryLength)
        return try open(head, sealed, name: name, length: length)
    }

    /// Checks every byte of a pack: its name, its directory, every frame and every chunk. Gives the directory.
    package func verify(_ name: ObjectName) throws -> FinishedPack {
        let object = try repository.store.read(name, limit: Int(Limits.packBytes))
        guard Digest.sha256(object.span) == name.identifier else {
            throw ObjectSealer.damaged(name, "its bytes are not those that its name promises")
        }
        guard object.count >= ObjectHeader.length + 8 else { throw ObjectSealer.damaged(name, "it is too short") }
        let room = UInt64(object.count - ObjectHeader.length - 8)
        let tail = object.count - 8
        let directoryLength = try directoryLength(Array(object[tail...]), name: name, room: room)
        let pack = try open(
            Array(object[..<ObjectHeader.length]), Array(object[(tail - directoryLength)..<tail]), name: name,
            length: UInt64(object.count))
        let header = pack.info.header
        let cipher = AuthenticatedCipher(key: try repository.sealer.objectKey(header))
        var offset = ObjectHeader.length
        for (ordinal, frame) in pack.frames.enumerated() {
            plain.clear()
            let additional = repository.sealer.additionalData(
                header, name: repository.sealer.nameField(nil), ordinal: UInt32(ordinal))
            try opener.open(
                object.span.extracting(offset..<offset + frame.sealedLength), codec: frame.codec,
                plainLength: frame.plainLength, cipher, ordinal: UInt32(ordinal), additional: additional, into: &plain,
                object: name.text)
            try plain.withBytes { try opener.check($0, frame.chunks, kind: pack.info.kind, object: name.text) }
            offset += frame.sealedLength
        }
        return pack
    }

    private func directoryLength(_ trailer: [UInt8], name: ObjectName, room: UInt64) throws -> Int {
        var reader = ByteReader(trailer, object: name.text)
        let length = Int(try reader.word())
        guard try reader.fixed(4) == Array("SLVR".utf8), length >= AuthenticatedCipher.tagLength, UInt64(length) <= room,
            length <= Limits.directoryBytes
        else { throw ObjectSealer.damaged(name, "its end is not that of a pack") }
        return length
    }

    private func open(_ head: [UInt8], _ sealed: [UInt8], name: ObjectName, length: UInt64) throws -> FinishedPack {
        guard let id = name.identifier, id.count == Digest.length else { throw ObjectSealer.damaged(name, "it is not named as a pack is") }
        let header = try ObjectHeader(head, kinds: [.dataPack, .treePack], object: name.text)
        var plain = Buffer(capacity: sealed.count)
        let authentic = AuthenticatedCipher(key: try repository.sealer.objectKey(header, part: .directory)).open(
            sealed.span, ordinal: .max,
            additional: repository.sealer.additionalData(header, name: repository.sealer.nameField(nil), ordinal: .max),
            into: &plain)
        guard authentic else { throw ObjectSealer.damaged(name, "its directory is not authentic") }
        let room = length - UInt64(ObjectHeader.length + 8 + sealed.count)
        let directory = try PackDirectory(plain.array(), room: room, object: name.text)
        let info = PackInfo(id: id, length: length, kind: header.kind, epoch: header.epoch, salt: header.salt)
        return FinishedPack(info: info, frames: directory.frames)
    }

    private func read(_ name: ObjectName, _ offset: UInt64, _ count: Int) throws -> [UInt8] {
        var buffer = Buffer(capacity: count)
        try repository.store.read(name, offset: offset, count: count, into: &buffer)
        return buffer.array()
    }
}
