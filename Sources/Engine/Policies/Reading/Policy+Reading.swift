import Formats
import Sealing

extension Policy {
    /// The word for this version of the format, in the file's `format`.
    package static let format = "salvor.policy/1"

    /// Reads a policy; whatever is wrong with it is thrown at once, each mistake with its place.
    ///
    /// `path` is the file as it was given: it is shown, and not opened.
    package static func read(_ bytes: [UInt8], path: [UInt8]) throws(PolicyMistakes) -> Policy {
        let value: JSON5Value
        do throws(JSON5Problem) { value = try JSON5Parser.parse(bytes) } catch {
            let mistake = PolicyMistake(error.sentence, at: error.place, hint: error.hint)
            throw PolicyMistakes(path: path, mistakes: [mistake])
        }
        let reader = PolicyReader()
        let policy = reader.policy(value)
        let mistakes = reader.mistakes.sorted
        guard var policy, mistakes.isEmpty else { throw PolicyMistakes(path: path, mistakes: mistakes) }
        policy.path = path
        policy.digest = Hexadecimal.string(Digest.sha256(bytes.span))
        return policy
    }
}
