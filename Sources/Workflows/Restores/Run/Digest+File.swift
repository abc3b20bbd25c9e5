import DataSources
import Entries
import Platform
import Sealing

extension Digest {
    /// The SHA-256 of an open file, from where it stands to its end; `buffer` is used on the way.
    func of(_ file: borrowing FileDescriptor, _ buffer: inout Buffer) throws(Failure) -> [UInt8] {
        restart()
        while true {
            buffer.clear()
            if try file.read(into: &buffer) == 0 { return finish() }
            update(buffer.bytes)
        }
    }
}

extension PendingFile {
    /// The SHA-256 of what is on the disk, as far as the file shall go.
    func digest(with digest: Digest, _ buffer: inout Buffer) throws(Failure) -> [UInt8] {
        digest.restart()
        var offset: UInt64 = 0
        while offset < entry.size {
            buffer.clear()
            let wanted = Int(min(entry.size - offset, UInt64(buffer.room)))
            let got = try read(into: &buffer, at: offset, count: wanted)
            digest.update(buffer.bytes)
            offset += UInt64(got)
            if got < wanted { break }
        }
        return digest.finish()
    }
}
