import Formats
import TestDoubles
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "instants are written in UTC, before 1970 and after 2446 too",
        arguments: [
            (0, 0, "1970-01-01T00:00:00Z"), (-1, 0, "1969-12-31T23:59:59Z"),
            (-1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
            (-86_400, 0, "1969-12-31T00:00:00Z"), (-86_401, 0, "1969-12-30T23:59:59Z"),
            (951_782_400, 0, "2000-02-29T00:00:00Z"),
            (1_795_299_779, 120_000_000, "2026-11-21T22:22:59.120Z"), (2_147_483_648, 0, "2038-01-19T03:14:08Z"),
            (15_032_385_536, 1_000, "2446-05-10T22:38:56.000001Z"), (-62_135_596_800, 0, "0001-01-01T00:00:00Z"),
            (-62_135_596_801, 0, "0000-12-31T23:59:59Z"), (-62_167_219_201, 0, "-0001-12-31T23:59:59Z"),
            (253_402_300_800, 0, "10000-01-01T00:00:00Z"), (9_007_199_254_740_993, 0, "285428751-11-12T07:36:33Z"),
            (Int64.max, 0, "292277026596-12-04T15:30:07Z"), (Int64.min, 0, "-292277022657-01-27T08:29:52Z"),
        ])
    func written(seconds: Int64, nanoseconds: UInt32, text: String) throws {
        #expect(Timestamp.string(seconds: seconds, nanoseconds: nanoseconds) == text)
        let read = try #require(Timestamp.parse(text))
        #expect(read == (seconds, nanoseconds), "what is written is read back")
    }

    @Test(
        "zones and fractions are read",
        arguments: [
            ("2026-11-21T23:22:59+01:00", 1_795_299_779, 0),
            ("2026-11-21t17:52:59.5-04:30", 1_795_299_779, 500_000_000),
            ("2026-11-21 22:22:59.123456789z", 1_795_299_779, 123_456_789), ("1970-01-01T00:00:00-00:00", 0, 0),
        ])
    func zones(text: String, seconds: Int64, nanoseconds: UInt32) throws {
        #expect(try #require(Timestamp.parse(text)) == (seconds, nanoseconds))
    }

    @Test(
        "what is no instant is refused",
        arguments: [
            "", "2026", "2026-11-21", "2026-11-21T22:22:59", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z",
            "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00+1:00", "26-01-01T00:00:00Z",
            "+2026-01-01T00:00:00Z", "2026-01-01T0:00:00Z", "2026-01-01T00:00:+1Z", "99999999999999-01-01T00:00:00Z",
            "292277026596-12-04T15:30:08Z", "-292277022657-01-27T08:29:51Z", "２０２６-01-01T00:00:00Z",
            "2026-01-01T00:00:00",
        ])
    func refused(text: String) { #expect(Timestamp.parse(text) == nil) }

    @Test("any instant comes back, and days follow each other")
    func roundTrip() throws {
        let random = SeededRandomness(seed: 1969)
        for _ in 0..<20_000 {
            let seconds = Int64(bitPattern: random.next()) >> Int64(random.next(below: 60))
            let nanoseconds = UInt32(random.next(below: 1_000_000_000))
            let text = Timestamp.string(seconds: seconds, nanoseconds: nanoseconds)
            #expect(try #require(Timestamp.parse(text)) == (seconds, nanoseconds), "\(text)")
        }
        var previous = Timestamp.string(seconds: -800 * 366 * 86_400)
        for day in stride(from: Int64(-800 * 366 + 1), to: 800 * 366, by: 1) {
            let text = Timestamp.string(seconds: day * 86_400)
            if !previous.hasPrefix("-"), text <= previous { Issue.record("\(text) follows \(previous)") }
            previous = text
        }
    }
}
