import Formats
import Platform
import Policies

/// The policy that a command line names, read once: a file that changes meanwhile does not change the run.
final class PolicyFile: @unchecked Sendable {
    private let lock = Lock()
    private var policy: Policy?

    /// The policy of a file. Whatever is wrong with it is thrown at once.
    func policy(_ path: [UInt8], workingDirectory: [UInt8]) throws -> Policy {
        try lock.locked {
            if let policy { return policy }
            let read = try Self.read(path, workingDirectory: workingDirectory)
            policy = read
            return read
        }
    }

    /// Reads a policy; a file that cannot be read is a mistake of the policy, too.
    static func read(_ path: [UInt8], workingDirectory: [UInt8]) throws -> Policy {
        let bytes: [UInt8]
        do {
            let file = try AbsolutePath.of(path, workingDirectory: workingDirectory)
            bytes = try FileTree.read(file, limit: JSON5Parser.bytesMax)
        } catch {
            let failure = Failure(error)
            throw Failure(
                .policy, "the policy \(printable(path)) cannot be read", hint: failure.hint, cause: failure.description)
        }
        return try Policy.read(bytes, path: path)
    }
}
