/// What went wrong, for a person: the only error that crosses a module.
///
/// A failure names the object it is about and says what to do next. It never carries a secret and never a stack trace.
/// Bugs trap; only what the world does to us is thrown.
package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The sort of failure; it decides the exit code and whether a retry may help.
    package var kind: FailureKind
    /// One sentence with the object's name, without a full stop.
    package var sentence: String
    /// What the reader may do about it.
    package var hint: String?
    /// What the layer below said.
    package var cause: String?
    /// The `errno` behind it, where a system call failed.
    package var systemError: Int32?

    /// Makes a failure; `kind` defaults to a plain failure (exit 1).
    package init(
        _ kind: FailureKind = .failed, _ sentence: String, hint: String? = nil, cause: String? = nil,
        systemError: Int32? = nil
    ) {
        self.kind = kind
        self.sentence = sentence
        self.hint = hint
        self.cause = cause
        self.systemError = systemError
    }

    /// Takes any error in: a `Failure` as it is, anything else by its description.
    package init(_ error: any Error) {
        self = (error as? Failure) ?? Failure(.failed, String(describing: error))
    }

    package var description: String {
        cause.map { "\(sentence): \($0)" } ?? sentence
    }

    /// The same failure with another sentence in front; the old one becomes the cause.
    package func within(_ outer: String, hint: String? = nil) -> Failure {
        Failure(kind, outer, hint: hint ?? self.hint, cause: description, systemError: systemError)
    }
}
