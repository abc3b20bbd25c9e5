import Platform

/// The chunks that a run stores, until they go to the sorted rows: a table of open addressing, 32 bytes a slot, at most
/// three of four taken. Used by one thread at a time.
///
/// A chunk is *claimed* from when somebody begins to store it until its place is known.
struct RecentChunks {
    /// A chunk and where it lies: side by side, so that looking a chunk up touches one line of the cache.
    private struct Slot {
        var id = ChunkID(high: 0, low: 0)
        var place = RecentChunks.empty
    }

    private var slots: [Slot] = []
    private(set) var count = 0
    /// How many of them have a place.
    private(set) var placed = 0
    /// Strangers who know them cannot make ids that meet in one slot.
    private let seed = (UInt64.random(in: .min ... .max) | 1, UInt64.random(in: .min ... .max) | 1)

    private static let leastSlots = 1024
    private static let empty = ChunkPlace(frame: 0, offset: 0, length: 0)
    private static let claimed = ChunkPlace(frame: .max, offset: 0, length: 0)

    /// Makes an empty table.
    init() { allocate(Self.leastSlots) }

    private mutating func allocate(_ slots: Int) {
        self.slots = [Slot](repeating: Slot(), count: slots)
        (count, placed) = (0, 0)
    }

    /// The slot that holds `id`, or the empty one where it would go.
    private func slot(_ id: ChunkID) -> Int {
        let mask = slots.count - 1
        let hash = id.high &* seed.0 &+ id.low &* seed.1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot].place != Self.empty && slots[slot].id != id { slot = (slot + 1) & mask }
        return slot
    }

    /// Whether a chunk is claimed or placed.
    func contains(_ id: ChunkID) -> Bool { slots[slot(id)].place != Self.empty }

    /// Where a chunk lies; nil when it is not known or has no place yet.
    func place(of id: ChunkID) -> ChunkPlace? {
        let place = slots[slot(id)].place
        return place.length > 0 ? place : nil
    }

    /// Notes that a chunk, which is not in the table, is being stored.
    mutating func claim(_ id: ChunkID) { put(id, Self.claimed) }

    /// Notes where a chunk lies. Answers false when it has a place already, which it keeps.
    mutating func put(_ id: ChunkID, at place: ChunkPlace) -> Bool {
        precondition(place.length > 0)
        return put(id, place)
    }

    @discardableResult
    private mutating func put(_ id: ChunkID, _ place: ChunkPlace) -> Bool {
        if (count + 1) * 4 > slots.count * 3 { refill(slots: slots.count * 2) { _, _ in true } }
        let slot = slot(id)
        let known = slots[slot].place
        if known.length > 0 { return false }
        if known == Self.empty { count += 1 }
        if place.length > 0 { placed += 1 }
        slots[slot] = Slot(id: id, place: place)
        return true
    }

    /// Tells `body` every chunk that has a place, and forgets it.
    mutating func drain(_ body: (ChunkID, ChunkPlace) -> Void) {
        var slots = Self.leastSlots
        while (count - placed + 1) * 4 > slots * 3 { slots *= 2 }
        refill(slots: slots) { id, place in
            if place.length > 0 { body(id, place) }
            return place.length == 0
        }
    }

    /// Moves the chunks that `isKept` wants to a table of so many slots.
    private mutating func refill(slots: Int, _ isKept: (ChunkID, ChunkPlace) -> Bool) {
        let old = self.slots
        allocate(slots)
        for slot in old where slot.place != Self.empty && isKept(slot.id, slot.place) { put(slot.id, slot.place) }
    }
}
