import Platform
import TestDoubles
import Testing

@testable import Commands

@Suite("The terminal")
struct TerminalTests {
    @Test("progress is drawn on a terminal, at most five times a second, and never beyond its width")
    func drawing() {
        let console = RecordedConsole(widths: [.errors: 40])
        let clock = ManualClock()
        let progress = ProgressLine(console: console, clock: clock, enabled: true)
        for step in 0..<100 {
            progress.show(ProgressAmounts(activity: "saving", bytesDone: UInt64(step) << 20, bytesTotal: 100 << 20))
            clock.tick(milliseconds: 50)
        }
        let drawn = console.errors.split(separator: "\r")
        #expect((19...26).contains(drawn.count))
        for line in drawn { #expect(line.count <= 39 + "\u{1b}[K".count, "\(line)") }
        progress.hide()
        #expect(console.errors.hasSuffix("\r\u{1b}[K"))
        let length = console.errors.count
        progress.hide()
        #expect(console.errors.count == length)
    }

    @Test("no terminal, or --quiet: no progress")
    func silent() {
        for (widths, enabled) in [([:], true), ([.errors: 80], false)] as [([StandardStream: Int], Bool)] {
            let console = RecordedConsole(widths: widths)
            let progress = ProgressLine(console: console, clock: ManualClock(), enabled: enabled)
            progress.show(ProgressAmounts(activity: "saving"))
            progress.hide()
            #expect(console.errors.isEmpty)
        }
    }

    @Test("progress tells bytes, items, rate and what is left")
    func words() {
        let amounts = ProgressAmounts(
            activity: "saving", bytesDone: 1 << 30, bytesTotal: 4 << 30, itemsDone: 51204, items: "files")
        #expect(
            ProgressLine.text(amounts, bytesPerSecond: Double(256 << 20))
                == "saving  25 %  1.00 GiB of 4.00 GiB  51,204 files  256 MiB/s  12.0 s left")
        #expect(
            ProgressLine.text(ProgressAmounts(activity: "saving", bytesDone: 10), bytesPerSecond: nil)
                == "saving  10 B  0 files")
    }

    @Test("a message takes the progress line away first")
    func messages() {
        let console = RecordedConsole(widths: [.errors: 80])
        let output = Output(console: console, clock: ManualClock(), isJSON: false, isQuiet: false)
        output.progress.show(ProgressAmounts(activity: "saving"))
        output.warn("careful")
        #expect(console.errors.hasSuffix("\r\u{1b}[Ksalvor: warning: careful\n"))
    }

    @Test("a table aligns its columns, and ends no line with spaces")
    func table() {
        var table = TextTable([("id", .left), ("size", .right), ("tags", .left)])
        #expect(table.isEmpty)
        table.add(["3fa9", "17 B", ""])
        table.add(["7", "312 KiB", "nightly"])
        #expect(table.lines == ["id       size  tags", "3fa9     17 B", "7     312 KiB  nightly"])
    }
}
