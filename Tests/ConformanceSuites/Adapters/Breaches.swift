import Platform

/// The promises that were broken, written down by any thread and told by the test's own.
final class Breaches: @unchecked Sendable {
    private let lock = Lock()
    private var sentences: [String] = []

    func add(_ sentence: String) { lock.locked { sentences.append(sentence) } }

    /// A promise of which `holds` says whether it was kept.
    func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) { if !holds { add(sentence()) } }

    /// The first twenty: a rule that is broken everywhere is told often enough.
    var all: [String] { lock.locked { Array(sentences.prefix(20)) } }
}
