import Glibc

/// How this process was called: its words as the bytes they are, and where it stands.
package enum Invocation {
    /// The arguments without the program's name. Bytes, since a path need not be UTF-8.
    package static func words() -> [[UInt8]] {
        var words: [[UInt8]] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let word = unsafe CommandLine.unsafeArgv[index] else { break }
            unsafe words.append(Array(UnsafeRawBufferPointer(start: word, count: strlen(word))))
        }
        return words
    }

    /// The absolute path of the working directory.
    package static func workingDirectory() throws(Failure) -> [UInt8] {
        guard let text = unsafe getcwd(nil, 0) else { throw Failure.system("find", "the working directory") }
        defer { unsafe free(text) }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// Ends the process.
    package static func end(exitCode: Int32) -> Never { exit(exitCode) }
}
