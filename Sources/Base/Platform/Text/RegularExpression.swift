import Glibc

/// An extended regular expression (POSIX), as `grep -E` takes it; bytes are letters, a line end is one like any other.
@safe
package final class RegularExpression: @unchecked Sendable {
    /// Longer ones are refused: nobody writes them by hand.
    private static let bytesMax = 1000
    /// What repeats more often, all repetitions multiplied, would take much memory.
    private static let repetitionsMax = 20_000

    /// The expression as it was written.
    package let text: String
    // Only read after it is made: several threads may match at once.
    private let compiled: UnsafeMutablePointer<regex_t>

    /// Understands an expression; the failure's cause says what is wrong with one that is none.
    package init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.bytesMax, !text.utf8.contains(0) else {
            throw Failure(
                .usage, "the regular expression is too long, or holds a NUL", hint: "at most \(Self.bytesMax) bytes")
        }
        guard Self.repetitions(text) <= Self.repetitionsMax else {
            throw Failure(
                .usage, "`\(text)` repeats too much", hint: "all {…} multiplied may be \(Self.repetitionsMax)",
                cause: "its repetitions are too large")
        }
        self.text = text
        let memory = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        let code = unsafe regcomp(memory, text, REG_EXTENDED | REG_NOSUB)
        guard code == 0 else {
            var words = [CChar](repeating: 0, count: 200)
            let length = words.count
            _ = unsafe regerror(code, memory, &words, length)
            unsafe memory.deallocate()
            let cause = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Failure(.usage, "`\(text)` is no extended regular expression", cause: cause)
        }
        unsafe compiled = memory
    }

    /// The upper ends of all `{…}`, multiplied, also where one is not inside of another.
    private static func repetitions(_ text: String) -> Int {
        var product = 1
        for piece in text.split(separator: "{").dropFirst() {
            let bounds = piece.prefix { $0 != "}" }.split(separator: ",").compactMap { Int($0) }
            let (more, isTooLarge) = product.multipliedReportingOverflow(by: max(1, bounds.max() ?? 1))
            product = isTooLarge ? .max : more
        }
        return product
    }

    deinit {
        unsafe regfree(compiled)
        unsafe compiled.deallocate()
    }

    /// Whether a match is anywhere in the text; what stands behind a NUL is not looked at.
    package func matches(_ text: String) -> Bool { unsafe regexec(compiled, text, 0, nil, 0) == 0 }
}
