import Formats

/// From seconds to percent of a drawing's width or height, with round marks on the way.
struct ChartScale: Sendable {
    /// What lies at 100 %.
    let upper: Double

    private static let steps: [Double] = [
        0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800,
        21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000, 157_680_000,
    ]

    /// A scale on which every one of `values` has its place, with some room above the largest.
    init(holding values: [Double]) {
        let largest = values.filter { $0.isFinite && $0 < 1e15 }.max() ?? 0
        upper = max(largest, 0.01) * 1.12
    }

    /// The same with an objective, where it is not so far off that the values would be dots at the edge.
    init(holding values: [Double], objective: Double?) {
        let largest = values.filter { $0.isFinite && $0 < 1e15 }.max() ?? 0
        let isNear = objective.map { largest <= 0 || $0 <= largest * Self.factorMax } ?? false
        self.init(holding: isNear ? values + [objective ?? 0] : values)
    }

    private static let factorMax = 4.0

    /// Whether a value has its place on it.
    func holds(_ value: Double) -> Bool { value <= upper }

    /// Where a value lies, from 0 to 100.
    func percent(_ value: Double) -> Double {
        value.isNaN ? 0 : min(max(value / upper, 0), 1) * 100
    }

    /// At most `count` round values, 0 first.
    func marks(_ count: Int) -> [Double] {
        let step = Self.steps.first { upper / $0 <= Double(count) } ?? upper / Double(count)
        return (0...count).map { Double($0) * step }.filter { $0 <= upper * 0.98 }
    }

    /// A round duration as short as it goes: `10 min`, `1.5 h`.
    static func label(_ seconds: Double) -> String {
        let units: [(size: Double, name: String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        guard seconds > 0 else { return "0" }
        let unit = units.first { seconds >= $0.size } ?? (1, "s")
        var digits = Quantity.fixed(seconds / unit.size, 2)
        while digits.contains("."), digits.hasSuffix("0") || digits.hasSuffix(".") { digits.removeLast() }
        return "\(digits) \(unit.name)"
    }
}
