import Platform

/// Reads Prometheus' text format, and refuses what the node exporter's collector refuses.
struct ExpositionReading {
    /// By metric and labels, as written: `name{a="b"}`.
    private(set) var samples: [String: Double] = [:]
    /// The names of all metrics.
    private(set) var metrics: Set<String> = []
    private var documented: Set<String> = []
    private var typed: Set<String> = []
    private var current = ""

    /// Reads a whole file.
    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure(.failed, "no line break at the end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { try read(line) }
    }

    private mutating func read(_ line: Substring) throws {
        if line.hasPrefix("# HELP ") {
            current = String(line.dropFirst(7).prefix { $0 != " " })
            guard documented.insert(current).inserted else { throw Failure(.failed, "a second HELP of \(current)") }
            guard line.utf8.count > 9 + current.utf8.count else { throw Failure(.failed, "\(current) has no help") }
        } else if line.hasPrefix("# TYPE ") {
            guard line == "# TYPE \(current) gauge", typed.insert(current).inserted else {
                throw Failure(.failed, "not the TYPE after its HELP: \(line)")
            }
        } else {
            try sample(line)
        }
    }

    private mutating func sample(_ line: Substring) throws {
        var rest = line
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        rest = rest.dropFirst(name.count)
        guard name == current, typed.contains(current), rest.first == "{" else {
            throw Failure(.failed, "a sample out of its place: \(line)")
        }
        rest = try labels(rest)
        let value = rest.dropFirst()
        guard rest.first == " ", !value.contains(" "), let number = Double(value) else {
            throw Failure(.failed, "no value, or more than that: \(line)")
        }
        let series = String(line.dropLast(rest.count))
        guard samples.updateValue(number, forKey: series) == nil else { throw Failure(.failed, "twice: \(series)") }
        metrics.insert(current)
    }

    /// What comes after the labels.
    private func labels(_ text: Substring) throws -> Substring {
        var rest = text
        var names: Set<String> = []
        repeat {
            rest = rest.dropFirst()
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.hasPrefix("=\""), names.insert(String(name)).inserted else {
                throw Failure(.failed, "no label: \(text)")
            }
            rest = rest.dropFirst(2)
            while let letter = rest.unicodeScalars.first, letter != "\"" {
                rest = Substring(rest.unicodeScalars.dropFirst())
                guard letter == "\\" else { continue }
                guard let escaped = rest.unicodeScalars.first, ["\\", "\"", "n"].contains(escaped) else {
                    throw Failure(.failed, "a backslash before something else: \(text)")
                }
                rest = Substring(rest.unicodeScalars.dropFirst())
            }
            rest = Substring(rest.unicodeScalars.dropFirst())
        } while rest.first == ","
        guard rest.first == "}" else { throw Failure(.failed, "labels without an end: \(text)") }
        return rest.dropFirst()
    }
}
