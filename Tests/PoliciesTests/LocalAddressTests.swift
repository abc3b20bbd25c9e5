import Testing

@testable import Policies

@Suite("Addresses that a drill may ask")
struct LocalAddressTests {
    private func isLocal(_ text: String) throws -> Bool {
        let address = try PlaceholderText(text)
        return (try? LocalAddress.check(address)) != nil
    }

    @Test(
        "this machine's are",
        arguments: [
            "http://127.0.0.1", "http://127.0.0.1/", "http://localhost:8080/a?b=c", "http://[::1]:{port.web}/x",
            "http://127.0.0.1:{port.web}?q", "http://localhost/{drill.id}/%20", "http://localhost/@user",
        ])
    func local(text: String) throws { #expect(try isLocal(text)) }

    @Test(
        "all others are not, however they are written",
        arguments: [
            "https://127.0.0.1/", "ftp://127.0.0.1/", "127.0.0.1", "http:/127.0.0.1/", "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/", "http://localhost:80@evil.example/", "http://localhost:{port.web}@evil/",
            "http://localhost.evil/", "http://evil/127.0.0.1", "http://[::1].evil/", "http://[::2]/",
            "http://127.0.0.2/",
            "http://localhost:/", "http://localhost:0/", "http://localhost:70000/", "http://localhost:{port.web}.evil/",
            "http://localhost:+80/", "http://localhost{staging}/", "http://{staging}/", "{staging}",
            "http://localhost\\.evil/",
            "http://localhost#@evil/", "http://localhost/a b", "http://localhost/ä", "http://localhost/\r\nHost: evil",
            "HTTP://localhost/",
        ])
    func elsewhere(text: String) throws { #expect(try !isLocal(text)) }
}
