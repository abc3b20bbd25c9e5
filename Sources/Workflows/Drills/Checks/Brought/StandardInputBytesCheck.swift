import DataSources
import Entries
import Formats
import Platform

/// `stdin.bytes`: the file has the bytes that were read, as many as were counted then.
package enum StandardInputBytesCheck: DrillCheck {
    package static let identifier = "stdin.bytes"
    package static let adapter = StandardInputAdapter.name
    package static let isGating = true
    package static let claims: Set<StagedDamage> = [.flippedByte, .removedFile]

    package static func run(_ subject: CheckSubject, cancellation: any Cancellation) throws -> CheckAnswer {
        guard case .files(let path) = subject.place else {
            throw Failure(.unverifiable, "\(subject.source) came back to no file")
        }
        guard let promised = try subject.tree.manifest()["bytes"]?.whole.flatMap({ UInt64(exactly: $0) }) else {
            throw Failure(.damaged, "the manifest of \(subject.source) lacks the number of its bytes")
        }
        var comparison = FilesComparison(of: subject.tree, entry: subject.root, with: path, cancellation: cancellation)
        comparison.threads = 1
        let found = try comparison.run()
        var differing = found.differences.map { "\(subject.source) \($0.reason)" }
        if promised != subject.root.size {
            differing.append("\(promised) bytes were read, and the snapshot holds \(subject.root.size)")
        }
        return CheckAnswer(
            expected: Quantity.count(promised, "byte"),
            actual: differing.isEmpty ? Quantity.count(found.bytes, "byte") : "not as it was",
            detail: "\(Quantity.bytes(found.bytes)) hashed", differing: differing, compared: 1)
    }
}
