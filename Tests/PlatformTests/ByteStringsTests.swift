import Platform
import TestDoubles
import Testing

@Suite("Byte strings in one run of memory")
struct ByteStringsTests {
    private func strings(_ given: [[UInt8]]) throws -> ByteStrings {
        let list = ByteStrings()
        for string in given { try list.append(string) }
        return list
    }

    private func all(_ list: ByteStrings) -> [[UInt8]] { (0..<list.count).map { list[$0] } }

    @Test("strings come back as they are, empty and long ones too, with every byte")
    func kept() throws {
        let given: [[UInt8]] = [
            [], [0], Array(0...255), Array(repeating: 7, count: ByteStrings.lengthMax), Array("a\nb".utf8), [],
        ]
        let list = try strings(given)
        #expect(all(list) == given)
        #expect(list.length(at: 2) == 256 && list.byte(255, at: 2) == 255)
        #expect(ByteStrings().count == 0)
    }

    @Test("sorted they are in the order of their bytes, a beginning first, each once")
    func sorted() throws {
        let random = SeededRandomness(seed: 3)
        var given: [[UInt8]] = [[], [0], [0, 0], [1], [0xff], Array("a".utf8), Array("a\0b".utf8), Array("a-".utf8)]
        for _ in 0..<2000 { given.append(random.bytes(random.next(below: 4)).map { $0 % 3 * 100 }) }
        let list = try strings(given.reversed())
        list.sort()
        #expect(all(list) == Array(Set(given)).sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test("two strings agree as far as both are the same")
    func agreement() throws {
        let list = try strings([Array("abc".utf8), Array("abd".utf8), Array("ab".utf8), []])
        #expect(list.agree(0, 1, first: 2) && !list.agree(0, 1, first: 3))
        #expect(list.agree(0, 2, first: 2) && !list.agree(0, 2, first: 3))
        #expect(list.agree(0, 3, first: 0) && !list.agree(0, 3, first: 1))
    }
}
