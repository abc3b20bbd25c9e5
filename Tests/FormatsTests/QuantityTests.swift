import Formats
import Testing

@Suite("Quantities as a person reads them")
struct QuantityTests {
    @Test(
        "sizes have three digits and a power of 1024",
        arguments: [
            (0, "0 B"), (1, "1 B"), (999, "999 B"), (1000, "0.98 KiB"), (1023, "1.00 KiB"), (1024, "1.00 KiB"),
            (1536, "1.50 KiB"), (10_234, "9.99 KiB"), (10_240, "10.0 KiB"), (102_348, "99.9 KiB"), (102_400, "100 KiB"),
            (1_048_576, "1.00 MiB"), (1_503_238_553, "1.40 GiB"), (UInt64.max, "16.0 EiB"),
        ])
    func bytes(count: UInt64, text: String) { #expect(Quantity.bytes(count) == text) }

    @Test(
        "a size is read as it is typed, and as it is printed",
        arguments: [
            ("0", 0), ("512", 512), ("512 B", 512), ("10k", 10_240), ("10K", 10_240), ("10 KiB", 10_240),
            ("10kB", 10_000),
            ("1.5GiB", 1_610_612_736), ("1.5 g", 1_610_612_736), ("700MB", 700_000_000), ("1 k", 1024), ("0.001k", 1),
            ("0.0009k", 0),
            ("2T", 2 << 40), ("3p", 3 << 50), ("15E", 15 << 60), ("18446744073709551615", .max),
            ("15.999999999E", 18_446_744_072_556_630_111),
        ] as [(String, UInt64)])
    func readBytes(text: String, count: UInt64) { #expect(Quantity.bytes(text) == count) }

    @Test(
        "what is no size, or more than there are bytes, is none",
        arguments: [
            "", " ", "k", "-1", "+1", "1.", ".5", "1.k", "1..5k", "1,5k", "1x", "1kib!", "1kk", "0x10", "16E",
            "18446744073709551616", "99999999999999999999", "1.1234567890k", "1  k",
            "١",
        ])
    func noBytes(text: String) { #expect(Quantity.bytes(text) == nil) }

    @Test(
        "durations change their unit as they grow",
        arguments: [
            (0, "0.00 s"), (0.424, "0.42 s"), (9.994, "9.99 s"), (9.996, "10.0 s"), (12.34, "12.3 s"),
            (59.94, "59.9 s"),
            (59.96, "1 min 00 s"), (245, "4 min 05 s"), (3599.4, "59 min 59 s"), (3599.6, "1 h 00 min"),
            (7980, "2 h 13 min"), (86_399, "23 h 59 min"), (86_400, "1 d 0 h"), (273_600, "3 d 4 h"), (-1.5, "-1.50 s"),
            (1e18, "1e+18 s"), (.infinity, "inf s"), (.nan, "nan s"),
        ])
    func durations(seconds: Double, text: String) { #expect(Quantity.duration(seconds: seconds) == text) }

    @Test("counts have commas and the right noun")
    func counts() {
        #expect(Quantity.count(0) == "0")
        #expect(Quantity.count(999) == "999")
        #expect(Quantity.count(51_204) == "51,204")
        #expect(Quantity.count(-1_000) == "-1,000")
        #expect(Quantity.count(Int64.min) == "-9,223,372,036,854,775,808")
        #expect(Quantity.count(UInt64.max) == "18,446,744,073,709,551,615")
        #expect(Quantity.count(1, "file") == "1 file")
        #expect(Quantity.count(0, "file") == "0 files")
        #expect(Quantity.count(2, "entry", "entries") == "2 entries")
    }

    @Test(
        "numbers have the digits that are asked for",
        arguments: [
            (0.005, 2, "0.01"), (-0.001, 2, "0.00"), (-1.005, 1, "-1.0"), (123.456, 0, "123"), (0.99, 1, "1.0"),
            (1e300, 2, "1e+300"),
        ])
    func fixed(value: Double, digits: Int, text: String) { #expect(Quantity.fixed(value, digits) == text) }

    @Test(
        "a size that a person writes is a number and a power of 1024",
        arguments: [
            ("0", 0), ("17", 17), ("17B", 17), ("1K", 1024), ("1k", 1024), ("4KiB", 4096), ("100M", 104_857_600),
            ("100 MiB", 104_857_600), ("2G", 2 << 30), ("3T", 3 << 40), ("1P", 1 << 50), ("15E", 15 << 60),
            ("18446744073709551615", .max),
        ] as [(String, UInt64)])
    func written(text: String, bytes: UInt64) { #expect(Quantity.bytes(written: text) == bytes) }

    @Test(
        "what is no size, or could mean two, is none",
        arguments: [
            "", "M", "-1", "1.5G", "100MB", "1kb", "0x10", " 1", "1 M B", "16E", "18446744073709551616", "\u{0661}",
            "1M\0",
        ])
    func unwritten(text: String) { #expect(Quantity.bytes(written: text) == nil) }
}
