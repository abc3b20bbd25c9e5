import Platform

/// A list that several threads take from, or add to.
final class SharedList<Element: Sendable>: @unchecked Sendable {
    private let lock = Lock()
    private var elements: [Element]
    private var taken = 0

    /// Makes a list of `elements`.
    init(_ elements: [Element]) { self.elements = elements }

    /// The next element that nobody has taken.
    func next() -> Element? {
        lock.locked {
            guard taken < elements.count else { return nil }
            defer { taken += 1 }
            return elements[taken]
        }
    }

    /// Adds an element at the end.
    func append(_ element: Element) { lock.locked { elements.append(element) } }

    /// Nobody gets anything from now on.
    func cut() { lock.locked { taken = elements.count } }

    /// Every element, in order.
    var all: [Element] { lock.locked { elements } }
}
