import Formats
import Platform

/// One line on the terminal that is drawn again and again, at most five times a second; nothing where no terminal is.
final class ProgressLine: @unchecked Sendable {
    private let console: any Console
    private let clock: any Clock
    private let width: Int?
    private let lock = Lock()
    private var shown = false
    private var lastDrawn = -Double.infinity
    private var samples: [(time: Double, bytes: UInt64)] = []

    private static let secondsBetween = 0.2
    /// The rate is that of the last seconds, so that it follows what happens.
    private static let rateSeconds = 10.0

    /// Draws on standard error, when it is a terminal and `enabled`.
    init(console: any Console, clock: any Clock, enabled: Bool) {
        self.console = console
        self.clock = clock
        width = enabled ? console.width(of: .errors) : nil
    }

    /// Whether there is a terminal that shows it.
    var isVisible: Bool { width != nil }

    /// Tells how far the run is; draws when it is time. Any thread may call.
    func show(_ amounts: ProgressAmounts) {
        guard let width else { return }
        lock.locked {
            let now = clock.monotonicSeconds()
            guard now - lastDrawn >= Self.secondsBetween else { return }
            lastDrawn = now
            if let last = samples.last, last.bytes > amounts.bytesDone { samples.removeAll() }
            samples.append((now, amounts.bytesDone))
            samples.removeAll { now - $0.time > Self.rateSeconds }
            draw(Self.text(amounts, bytesPerSecond: rate), width)
        }
    }

    /// Shows words at once; for what happens seldom.
    func show(text: String) {
        guard let width else { return }
        lock.locked { draw(text, width) }
    }

    /// Takes the line away, before something else is written.
    func hide() {
        lock.locked {
            guard shown else { return }
            shown = false
            lastDrawn = -Double.infinity
            try? console.write(Array("\r\u{1b}[K".utf8), to: .errors)
        }
    }

    private var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.time - first.time >= 1 else { return nil }
        return Double(last.bytes - first.bytes) / (last.time - first.time)
    }

    private func draw(_ text: String, _ width: Int) {
        shown = true
        try? console.write(Array(("\r" + text.prefix(width - 1) + "\u{1b}[K").utf8), to: .errors)
    }

    /// The line in words.
    static func text(_ amounts: ProgressAmounts, bytesPerSecond: Double?) -> String {
        var parts = [amounts.activity]
        if let total = amounts.bytesTotal, total > 0 {
            let percent = min(100, Int(Double(amounts.bytesDone) / Double(total) * 100))
            parts.append("\(percent) %")
            parts.append("\(Quantity.bytes(amounts.bytesDone)) of \(Quantity.bytes(total))")
        } else {
            parts.append(Quantity.bytes(amounts.bytesDone))
        }
        parts.append("\(Quantity.count(amounts.itemsDone)) \(amounts.items)")
        if let rate = bytesPerSecond {
            parts.append("\(Quantity.bytes(UInt64(max(0, rate))))/s")
            if let total = amounts.bytesTotal, rate > 0, total >= amounts.bytesDone {
                parts.append("\(Quantity.duration(seconds: Double(total - amounts.bytesDone) / rate)) left")
            }
        }
        return parts.joined(separator: "  ")
    }
}
