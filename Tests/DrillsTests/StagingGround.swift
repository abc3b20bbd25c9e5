import Drills
import Platform
import TestDoubles
import Testing

/// A directory that staging areas may be made in, reachable by the user that servers run as.
final class StagingGround {
    private let folder: TemporaryFolder
    let path: [UInt8]

    init(below name: String? = nil) throws {
        let folder = try TemporaryFolder("staging")
        try Directory(folder.bytes).permit(0o711)
        path = name.map { folder.path($0) } ?? folder.bytes
        if name != nil { try FileTree.makeDirectories(path, mode: 0o711) }
        self.folder = folder
    }

    /// A new area in it.
    func area() throws -> StagingArea {
        let identifier = SystemRandomness().bytes(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return try StagingArea.create(in: path, identifier: identifier, clock: SystemClock())
    }

    /// The names in it.
    func names() throws -> [String] { try Directory(path).names().map { String(decoding: $0, as: UTF8.self) } }

    /// The newest PostgreSQL on this machine; a machine without one fails the test.
    static func settings() throws -> StagedServerSettings {
        let root = Array("/usr/lib/postgresql".utf8)
        let versions = try Directory(root).names().compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        let newest = try #require(versions.max(), "PostgreSQL's server is not installed (apt-get install postgresql)")
        return StagedServerSettings(binaries: "/usr/lib/postgresql/\(newest)/bin", superuser: "boss")
    }
}
