import Platform
import Testing

@Suite("Buffers")
struct BufferTests {
    @Test("bytes go in at the end and out at the front")
    func appendAndRemove() {
        var buffer = Buffer(capacity: 10)
        let first: [UInt8] = [1, 2, 3, 4]
        buffer.append(first.span)
        buffer.append(5)
        buffer.appendZeros(2)
        #expect(buffer.array() == [1, 2, 3, 4, 5, 0, 0])
        #expect(buffer.count == 7 && buffer.room == 3 && !buffer.isEmpty)
        buffer.removeFirst(3)
        #expect(buffer.array() == [4, 5, 0, 0])
        buffer.removeFirst(0)
        buffer.truncate(to: 1)
        #expect(buffer.array() == [4])
        buffer.removeFirst(1)
        #expect(buffer.isEmpty && buffer.room == 10)
    }

    @Test("can be confined to less than they could hold, and never to less than they do")
    func confined() throws {
        var buffer = Buffer(capacity: 10)
        buffer.appendZeros(4)
        buffer.confine(to: 6)
        #expect(buffer.room == 2 && buffer.capacity == 10)
        let filled = unsafe buffer.fill { free in free.count }
        #expect(filled == 2)
        #expect(buffer.count == 6 && buffer.room == 0)
        buffer.confine(to: 1)
        #expect(buffer.count == 6 && buffer.room == 0)
        buffer.confine(to: 100)
        #expect(buffer.room == 4)
    }

    @Test("what is written into the free room counts, and only that")
    func fill() throws {
        var buffer = Buffer(capacity: 4)
        buffer.append(9)
        let wrote = unsafe buffer.fill { free in
            #expect(free.count == 3)
            unsafe free[0] = 7
            unsafe free[1] = 8
            return 2
        }
        #expect(wrote == 2)
        #expect(buffer.array() == [9, 7, 8])
        struct Refusal: Error {}
        #expect(throws: Refusal.self) { _ = try unsafe buffer.fill { _ in throw Refusal() } }
        #expect(buffer.count == 3)
        unsafe buffer.change { unsafe $0[0] = 1 }
        #expect(buffer.array() == [1, 7, 8])
        buffer.clear()
        #expect(buffer.array() == [])
    }

    @Test("an empty buffer takes nothing and gives nothing")
    func empty() {
        let nothing: [UInt8] = []
        var buffer = Buffer(nothing.span)
        buffer.append(nothing.span)
        buffer.removeFirst(0)
        #expect(buffer.array() == [])
    }

    @Test("a secret is lent, and never printed")
    func secrets() {
        let secret = SecretBytes(Array("hunter2".utf8))
        #expect(secret.count == 7)
        #expect(unsafe secret.withBytes { unsafe Array($0) } == Array("hunter2".utf8))
        #expect(!"\(secret)".contains("hunter2"))
        #expect(!String(reflecting: secret).contains("hunter2"))
        #expect(SecretBytes([]).count == 0)
    }
}
