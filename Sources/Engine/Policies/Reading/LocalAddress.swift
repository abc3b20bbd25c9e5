/// An address that a drill may ask: of this machine, by HTTP, so that no drill opens a socket to another one.
enum LocalAddress {
    private static let hosts = ["127.0.0.1", "localhost", "[::1]"]
    private static let hint = "a drill asks this machine only: http://127.0.0.1:{port.NAME}/path"

    /// Throws when the text, with its placeholders, is no such address.
    static func check(_ text: PlaceholderText) throws(PlaceholderProblem) {
        // A port that is given by a placeholder is a number by then; elsewhere than there none can change the host.
        let mark = "\u{1}"
        let address = text.expanded { name in name.hasPrefix("port.") ? "1" : mark }
        guard address.utf8.starts(with: "http://".utf8) else {
            let isSecure = address.utf8.starts(with: "https://".utf8)
            throw PlaceholderProblem(
                isSecure ? "is asked by https, which a drill does not speak" : "is no http address", hint: hint)
        }
        let rest = address.dropFirst("http://".count)
        let authority = rest.prefix { !["/", "?", "#", "\\"].contains($0) }
        guard let host = hosts.first(where: { authority.hasPrefix($0) }) else {
            throw PlaceholderProblem("is not on this machine", hint: hint)
        }
        let port = authority.dropFirst(host.count)
        guard
            port.isEmpty
                || port.first == ":" && UInt16(port.dropFirst()).map({ $0 > 0 }) == true
                    && port.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { throw PlaceholderProblem("is not on this machine, or its port is none", hint: hint) }
        let target = rest.dropFirst(authority.count)
        guard target.isEmpty || target.first == "/" || target.first == "?",
            target.utf8.allSatisfy({ (0x21...0x7e).contains($0) || $0 == 1 })
        else {
            throw PlaceholderProblem(
                "holds what no address may", hint: "blanks and letters beyond ASCII are written %HH")
        }
    }
}
