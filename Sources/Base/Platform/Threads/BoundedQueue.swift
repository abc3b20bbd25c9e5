/// A first-in-first-out queue between threads that holds at most `capacity` elements.
///
/// `push` blocks while it is full, which is all the back-pressure there is. A closed queue takes nothing more; what is
/// in it can still be taken. A *cut* queue forgets what is in it: the way a failure ends a pipeline.
package final class BoundedQueue<Element: ~Copyable & Sendable>: @unchecked Sendable {
    private let lock = Lock()
    private var slots: [Slot] = []
    private var head = 0
    private let capacity: Int
    private var closed = false

    private final class Slot {
        var element: Element?
        init(_ element: consuming Element) { self.element = consume element }
        func take() -> Element {
            var taken: Element?
            swap(&taken, &element)
            guard let taken else { preconditionFailure("a slot is taken twice") }
            return taken
        }
    }

    /// Makes an empty queue for `capacity` elements.
    package init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    /// Appends, after waiting for room. Answers false, and drops the element, when the queue is closed.
    @discardableResult
    package func push(_ element: consuming sending Element) -> Bool {
        let slot = Slot(element)
        return lock.locked {
            while slots.count - head >= capacity && !closed { lock.wait() }
            if closed { return false }
            slots.append(slot)
            lock.wakeAll()
            return true
        }
    }

    /// Takes the oldest element, after waiting for one; nil when the queue is closed and empty.
    package func pop() -> Element? {
        let slot: Slot? = lock.locked {
            while slots.count == head && !closed { lock.wait() }
            guard slots.count > head else { return nil }
            let slot = slots[head]
            head += 1
            if head > 64 && head * 2 > slots.count {
                slots.removeFirst(head)
                head = 0
            }
            lock.wakeAll()
            return slot
        }
        return slot?.take()
    }

    /// Says that nothing more comes.
    package func close() {
        lock.locked {
            closed = true
            lock.wakeAll()
        }
    }

    /// Closes the queue and drops what is in it.
    package func cut() {
        lock.locked {
            closed = true
            slots.removeAll()
            head = 0
            lock.wakeAll()
        }
    }
}
