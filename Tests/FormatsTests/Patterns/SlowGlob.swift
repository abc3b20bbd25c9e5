/// The meaning of a glob without sets and escapes, written down as plainly as it goes.
enum SlowGlob {
    static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        if first == UInt8(ascii: "*") {
            return matches(rest, name) || (!name.isEmpty && matches(pattern, name.dropFirst()))
        }
        guard let byte = name.first, first == UInt8(ascii: "?") || first == byte else { return false }
        return matches(rest, name.dropFirst())
    }
}
