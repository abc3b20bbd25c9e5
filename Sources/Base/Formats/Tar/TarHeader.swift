/// Writes the headers of a POSIX tar archive (the pax interchange format of IEEE 1003.1), with the extensions that GNU
/// tar, bsdtar and star have in common: attributes, access control lists, sparse files.
///
/// What fits into the old header stands there, as bytes. A reader may convert what stands in an extended header from
/// UTF-8 to its own character set: names go there only when they are too long.
package enum TarHeader {
    /// Everything in an archive is made of blocks.
    package static let blockBytes = 512

    /// Two blocks of zeros: the end of an archive.
    package static let end = [UInt8](repeating: 0, count: 2 * blockBytes)

    /// A length filled up to whole blocks.
    package static func filled(_ bytes: Int) -> Int { (bytes + blockBytes - 1) / blockBytes * blockBytes }

    /// How many zeros follow so many bytes of content.
    package static func filling(behind bytes: UInt64) -> Int {
        Int((UInt64(blockBytes) - bytes % UInt64(blockBytes)) % UInt64(blockBytes))
    }

    /// The headers of a member: an extended one where it is needed, and the old one.
    package static func bytes(of member: TarMember) -> [UInt8] {
        let records = PaxRecords(of: member)
        var block = UstarBlock()
        block.fill(member)
        guard !records.bytes.isEmpty else { return block.finished() }
        var extended = UstarBlock()
        extended.fillExtended(for: member, length: records.bytes.count)
        var bytes = extended.finished()
        bytes.append(contentsOf: records.bytes)
        bytes.append(contentsOf: repeatElement(0, count: filling(behind: UInt64(records.bytes.count))))
        bytes.append(contentsOf: block.finished())
        return bytes
    }
}
