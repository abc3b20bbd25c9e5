import Platform
import Sealing
import Storage

/// Reads whole packs: their directory, and with `verify` every byte of them. Used by one thread.
package final class PackAudit {
    private let repository: Repository
    private let opener: FrameOpener
    private let digest = Digest()
    private var plain = Buffer(capacity: Limits.frameBytes)
    /// What is read of a pack at once: one frame, or several small ones.
    private var stretch = Buffer(capacity: Limits.frameBytes + AuthenticatedCipher.tagLength)
    private static let stretchBytes = 2 << 20

    /// Reads packs of `repository`.
    package init(_ repository: Repository) {
        self.repository = repository
        opener = FrameOpener(namer: repository.namer())
    }

    /// The pack's directory, from its own end.
    package func directory(of name: ObjectName) throws -> FinishedPack {
        let length = try packLength(name)
        let trailer = try read(name, length - 8, 8)
        let directoryLength = try directoryLength(trailer, name: name, room: length - UInt64(ObjectHeader.length) - 8)
        let head = try read(name, 0, ObjectHeader.length)
        let sealed = try read(name, length - 8 - UInt64(directoryLength), directoryLength)
        return try open(head, sealed, name: name, length: length)
    }

    /// Checks every byte of a pack: its name, its directory, every frame and every chunk. Gives the directory. Frames
    /// whose ordinal `isKnown` were opened before and found right: they are only hashed.
    ///
    /// The object is read in stretches, and hashed as it comes: what is checked is what is hashed, and memory holds a
    /// stretch of a pack, not the whole.
    package func verify(_ name: ObjectName, isKnown: (UInt32) -> Bool = { _ in false }) throws -> FinishedPack {
        let length = try packLength(name)
        let tail = try read(name, length - 8, 8)
        let directoryLength = try directoryLength(tail, name: name, room: length - UInt64(ObjectHeader.length) - 8)
        let head = try read(name, 0, ObjectHeader.length)
        let sealed = try read(name, length - 8 - UInt64(directoryLength), directoryLength)
        digest.restart()
        digest.update(head.span)
        let pack: FinishedPack
        do { pack = try open(head, sealed, name: name, length: length) } catch {
            // Whose bytes are wrong is damaged, whatever a header of other bytes seems to say.
            try demandName(name, length: length)
            throw error
        }
        try verifyFrames(of: pack, name: name, isKnown)
        digest.update(sealed.span)
        digest.update(tail.span)
        guard digest.finish() == name.identifier else { throw Self.renamed(name) }
        return pack
    }

    private func verifyFrames(of pack: FinishedPack, name: ObjectName, _ isKnown: (UInt32) -> Bool) throws {
        let header = pack.info.header
        let cipher = AuthenticatedCipher(key: try repository.sealer.objectKey(header, object: name.text))
        var next = 0
        var offset = UInt64(ObjectHeader.length)
        while next < pack.frames.count {
            let first = next
            var count = 0
            repeat {
                count += pack.frames[next].sealedLength
                next += 1
            } while next < pack.frames.count && count + pack.frames[next].sealedLength <= Self.stretchBytes
            stretch.clear()
            try repository.object(name, offset: offset, count: count, into: &stretch)
            offset += UInt64(count)
            try stretch.withBytes { bytes in
                digest.update(bytes)
                var start = 0
                for ordinal in first..<next {
                    let frame = pack.frames[ordinal]
                    if !isKnown(UInt32(ordinal)) {
                        try verify(
                            bytes.extracting(start..<start + frame.sealedLength), frame, UInt32(ordinal), header,
                            cipher, name)
                    }
                    start += frame.sealedLength
                }
            }
        }
    }

    private func verify(
        _ sealed: Span<UInt8>, _ frame: PackDirectory.Frame, _ ordinal: UInt32, _ header: ObjectHeader,
        _ cipher: AuthenticatedCipher, _ name: ObjectName
    ) throws {
        plain.clear()
        let additional = repository.sealer.additionalData(
            header, name: repository.sealer.nameField(nil), ordinal: ordinal)
        try opener.open(
            sealed, codec: frame.codec, plainLength: frame.plainLength, cipher, ordinal: ordinal,
            additional: additional,
            into: &plain, object: name.text)
        try plain.withBytes { try opener.check($0, frame.chunks, kind: header.kind, object: name.text) }
    }

    /// Throws `.damaged` when a pack's bytes are not those that its name promises.
    private func demandName(_ name: ObjectName, length: UInt64) throws {
        digest.restart()
        var offset: UInt64 = 0
        while offset < length {
            stretch.clear()
            let count = Int(min(length - offset, UInt64(stretch.capacity)))
            try repository.object(name, offset: offset, count: count, into: &stretch)
            stretch.withBytes { digest.update($0) }
            offset += UInt64(count)
        }
        guard digest.finish() == name.identifier else { throw Self.renamed(name) }
    }

    private static func renamed(_ name: ObjectName) -> Failure {
        ObjectSealer.damaged(name, "its bytes are not those that its name promises")
    }

    private func packLength(_ name: ObjectName) throws -> UInt64 {
        let length = try repository.objectLength(name)
        guard length >= UInt64(ObjectHeader.length + 8), length <= Limits.packBytes else {
            throw ObjectSealer.damaged(name, "a pack cannot have \(length) bytes")
        }
        return length
    }

    private func directoryLength(_ trailer: [UInt8], name: ObjectName, room: UInt64) throws -> Int {
        var reader = ByteReader(trailer, object: name.text)
        let length = Int(try reader.word())
        guard try reader.fixed(4) == Array("SLVR".utf8), length >= AuthenticatedCipher.tagLength,
            UInt64(length) <= room,
            length <= Limits.directoryBytes
        else { throw ObjectSealer.damaged(name, "its end is not that of a pack") }
        return length
    }

    private func open(_ head: [UInt8], _ sealed: [UInt8], name: ObjectName, length: UInt64) throws -> FinishedPack {
        guard let id = name.identifier, id.count == Digest.length else {
            throw ObjectSealer.damaged(name, "it is not named as a pack is")
        }
        let header = try ObjectHeader(head, kinds: [.dataPack, .treePack], object: name.text)
        var plain = Buffer(capacity: sealed.count)
        let authentic = AuthenticatedCipher(
            key: try repository.sealer.objectKey(header, part: .directory, object: name.text)
        ).open(
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
        try repository.object(name, offset: offset, count: count, into: &buffer)
        return buffer.array()
    }
}
