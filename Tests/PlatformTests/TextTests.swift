import Platform
import Testing

@Suite("Expressions and zones")
struct TextTests {
    @Test("an extended regular expression matches anywhere, unless it is bound")
    func matches() throws {
        let expression = try RegularExpression("^[0-9]+ (rows|row)$")
        #expect(expression.matches("12 rows") && !expression.matches("12 rows more") && !expression.matches(""))
        #expect(try RegularExpression("b+").matches("abbc"))
        #expect(try RegularExpression("ä|ö").matches("schön"))
    }

    @Test(
        "what is no expression is refused with the reason",
        arguments: [
            "a(b", "[a", "a{2,1}", "a\\", "((a{1,255}){1,255}){1,255}", "(a{30000}){30000}", "a{99999999999999999999}",
        ])
    func refused(text: String) {
        let failure = #expect(throws: Failure.self) { try RegularExpression(text) }
        #expect(failure?.cause?.isEmpty == false)
    }

    @Test("a time zone is known by its name only")
    func zones() {
        for name in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            #expect(TimeZones.holds(name), "\(name)")
        }
        for name in ["", "Europe", "Europe/Nowhere", "/etc/passwd", "../zoneinfo/UTC", "Europe//Berlin", "tzdata.zi"] {
            #expect(!TimeZones.holds(name), "\(name)")
        }
    }
}
