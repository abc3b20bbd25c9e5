import DataSources
import Platform
import Sealing

extension TargetDirectory {
    /// The SHA-256 of a file that is there.
    func digest(ofFile name: [UInt8], _ digest: Digest, _ buffer: inout Buffer) throws -> [UInt8] {
        try digest.of(open(file: name), &buffer)
    }
}
