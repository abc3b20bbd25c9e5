import Platform

/// The tag of the Cache Directory Tagging Specification: a file that says of its directory that all in it can be had
/// again.
enum CacheTag {
    static let name = Array("CACHEDIR.TAG".utf8)
    private static let signature = Array("Signature: 8a477f597d28d172789f06886806bc55".utf8)

    /// Whether the directory holds a regular file of that name which begins with the signature. One that cannot be read
    /// says nothing: rather save a cache than lose what is none.
    static func isValid(in directory: Directory) -> Bool {
        do throws(Failure) {
            let file = try FileDescriptor(contentOf: name, in: directory)
            guard try file.status().isRegular else { return false }
            var start = Buffer(capacity: signature.count)
            _ = try file.read(into: &start, at: 0, count: signature.count)
            return start.array() == signature
        } catch { return false }
    }
}
