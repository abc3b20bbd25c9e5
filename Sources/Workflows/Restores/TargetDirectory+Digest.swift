import DataSources
import Platform
import Sealing

extension TargetDirectory {
    /// The SHA-256 of a file that is there.
    func digest(ofFile name: [UInt8], _ digest: Digest, _ buffer: inout Buffer) throws -> [UInt8] {
        let file = try open(file: name)
        digest.restart()
        while true {
            buffer.clear()
            if try file.read(into: &buffer) == 0 { return digest.finish() }
            digest.update(buffer.bytes)
        }
    }
}
