/// The directories of a tree that are open at the moment: at most `capacity`, whatever the tree's depth and width.
///
/// The least recently used one is closed for a new one (by the clock algorithm); who holds its `Directory` meanwhile
/// keeps it open. Capacity: 1024 descriptors are the default limit of a process; a quarter of it leaves room for files.
final class OpenDirectories: @unchecked Sendable {
    /// Where a directory was put; says nothing any more once the slot has another generation.
    struct Ticket {
        fileprivate var slot: Int
        fileprivate var generation: UInt64
    }

    private struct Slot {
        var directory: Directory?
        var generation: UInt64
        var used: Bool
    }

    /// Guards the slots, and the tickets of all directories that use them.
    let lock = Lock()
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var hand = 0
    private var generation: UInt64 = 0
    private let capacity: Int

    init(capacity: Int = 256) {
        precondition(capacity > 0)
        self.capacity = capacity
        slots.reserveCapacity(capacity)
    }

    /// The directory that was put there, nil when it was closed. Call it with the lock held.
    func directory(_ ticket: Ticket) -> Directory? {
        guard slots[ticket.slot].generation == ticket.generation else { return nil }
        slots[ticket.slot].used = true
        return slots[ticket.slot].directory
    }

    /// Keeps a directory open. Call it with the lock held.
    func keep(_ directory: Directory) -> Ticket {
        generation += 1
        let slot = vacantSlot()
        slots[slot] = Slot(directory: directory, generation: generation, used: true)
        return Ticket(slot: slot, generation: generation)
    }

    /// Lets go of a directory. Call it with the lock held.
    func release(_ ticket: Ticket) {
        guard slots[ticket.slot].generation == ticket.generation, slots[ticket.slot].directory != nil else { return }
        slots[ticket.slot].directory = nil
        free.append(ticket.slot)
    }

    private func vacantSlot() -> Int {
        if let slot = free.popLast() { return slot }
        if slots.count < capacity {
            slots.append(Slot(directory: nil, generation: 0, used: false))
            return slots.count - 1
        }
        while slots[hand].used {
            slots[hand].used = false
            hand = (hand + 1) % capacity
        }
        defer { hand = (hand + 1) % capacity }
        return hand
    }
}
