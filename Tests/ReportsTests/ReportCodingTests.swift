import Formats
import Platform
import Reports
import Testing

/// A report that was stored as evidence is the report that was made.
struct ReportCodingTests {
    @Test("every key is there, also where nothing applies")
    func keysAreAlwaysThere() throws {
        let bare = Report(kind: "drill", system: "", identifier: "", started: Instant(seconds: 0))
        let full = ReportCoding.value(of: SampleReports.degraded)
        let empty = ReportCoding.value(of: bare)
        #expect(empty.members?.map(\.key) == full.members?.map(\.key))
        #expect(empty["measured"]?["recoverySeconds"] == .null)
        #expect(empty["evidenceLevel"] == .null)
        #expect(empty["type"] == "result")
        #expect(empty["schema"] == "salvor.drill/1")
        #expect(full["exit"] == 4)
        #expect(full["started"] == "2026-11-21T22:22:59.120Z")
    }

    @Test("a report with a missing or wrong key is refused, and the key is named")
    func refusesWhatIsNoReport() throws {
        let value = ReportCoding.value(of: SampleReports.degraded)
        for member in value.members ?? [] where member.key != "type" {
            let rest = JSONValue.object((value.members ?? []).filter { $0.key != member.key })
            #expect(throws: Failure.self, "\(member.key)") { try ReportCoding.report(from: rest) }
            do { _ = try ReportCoding.report(from: rest) } catch {
                #expect(Failure(error).sentence.contains(member.key))
            }
        }
        let newer = JSONValue.object([.init("schema", "salvor.drill/2")])
        #expect(throws: Failure.self) { try ReportCoding.report(from: newer) }
    }
}
