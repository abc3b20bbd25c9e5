import Platform

/// What threads of a test give back.
final class Results<Element: Sendable>: @unchecked Sendable {
    private let lock = Lock()
    private var elements: [Element] = []

    func add(_ element: Element) { lock.locked { elements.append(element) } }
    var all: [Element] { lock.locked { elements } }
}
