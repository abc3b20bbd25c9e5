import Platform

/// Scripts/compare-trees, which is not salvor.
enum CompareTrees {
    /// The lines that it prints: one a difference, none when the trees are equal.
    static func differences(_ one: [UInt8], _ other: [UInt8], _ options: [String] = []) throws -> [String] {
        let script = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/Scripts/compare-trees"
        let outcome = try ChildProcess.run(
            ["/usr/bin/python3", script] + options + [
                String(decoding: one, as: UTF8.self), String(decoding: other, as: UTF8.self),
            ],
            environment: ["PATH": "/usr/bin:/bin"])
        guard [0, 1].contains(outcome.ending.code) else {
            throw Failure(.failed, "compare-trees: \(outcome.complaint)")
        }
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").map { String($0) }
    }
}
