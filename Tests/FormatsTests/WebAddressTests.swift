import Formats
import Testing

@Suite("Addresses on the web")
struct WebAddressTests {
    @Test("a part goes behind the path, a parameter behind the query, and only the host is shown")
    func parts() throws {
        let plain = try #require(WebAddress("https://hc-ping.com/secret"))
        #expect(plain.with(part: nil, parameter: "rid=1") == "https://hc-ping.com/secret?rid=1")
        #expect(plain.with(part: "start", parameter: "rid=1") == "https://hc-ping.com/secret/start?rid=1")
        #expect("\(plain)" == "hc-ping.com")
        let long = try #require(WebAddress("HTTP://[::1]:8000/a/b/?create=1&x=/y"))
        #expect(long.with(part: "7", parameter: "rid=1") == "HTTP://[::1]:8000/a/b/7?create=1&x=/y&rid=1")
        #expect(long.host == "[::1]:8000")
        #expect(WebAddress("https://host")?.with(part: "fail", parameter: "r=1") == "https://host/fail?r=1")
    }

    @Test(
        "what is none is refused",
        arguments: [
            "", "host/x", "ftp://host/x", "https://", "https:///x", "https://user:word@host/x", "https://host/a b",
            "https://host/x#y", "https://host/é", "https://:80/x", "https://host/\n",
        ])
    func refused(text: String) { #expect(WebAddress(text) == nil) }
}
