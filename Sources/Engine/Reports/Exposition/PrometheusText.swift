/// Prometheus' text format: the samples of each metric together, under its HELP and TYPE, which come once.
struct PrometheusText {
    /// A name and its value.
    typealias Label = (name: String, value: String)

    private struct Metric {
        let name: String
        let help: String
        var samples: [(labels: String, value: Double)] = []
    }

    /// Labels that every sample carries.
    private let common: [Label]
    private var metrics: [Metric] = []

    init(common: [Label]) { self.common = common }

    /// Begins a metric; the samples after it are its own.
    mutating func metric(_ name: String, _ help: String) { metrics.append(Metric(name: name, help: help)) }

    /// A sample of the last metric. The values of samples with equal labels are added up: a series may be there once.
    mutating func sample(_ value: Double, _ labels: [Label] = []) {
        guard var metric = metrics.popLast() else { return }
        let text = (common + labels).map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        if let index = metric.samples.firstIndex(where: { $0.labels == text }) {
            metric.samples[index].value += value
        } else {
            metric.samples.append((text, value))
        }
        metrics.append(metric)
    }

    /// All metrics that have samples.
    var text: String {
        metrics.filter { !$0.samples.isEmpty }.map { metric in
            "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) gauge\n"
                + metric.samples.map { "\(metric.name){\($0.labels)} \(Self.number($0.value))\n" }.joined()
        }.joined()
    }

    /// Control characters are shown as everywhere; a backslash and a quote have a meaning inside a label.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in VisibleText.of(value).unicodeScalars {
            if scalar == "\\" || scalar == "\"" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return "\(value)"
    }
}
