import Platform
import TestDoubles
import Testing

@testable import Repositories

@Suite("The format's numbers and bytes")
struct ByteCodingTests {
    static let numbers: [UInt64] =
        [0, 1, 127, 128, 129, 255, 16383, 16384, .max, .max - 1, UInt64(Int64.max)]
        + (0..<64).map { UInt64(1) << UInt64($0) }

    @Test("every number comes back, in as few bytes as it needs", arguments: numbers)
    func varints(number: UInt64) throws {
        var writer = ByteWriter()
        writer.varint(number)
        #expect(writer.bytes.count == max(1, (64 - number.leadingZeroBitCount + 6) / 7))
        var reader = ByteReader(writer.bytes, object: "x")
        #expect(try reader.varint() == number)
        try reader.finish()
        var signed = ByteWriter()
        signed.zigzag(Int64(bitPattern: number))
        var back = ByteReader(signed.bytes, object: "x")
        #expect(try back.zigzag() == Int64(bitPattern: number))
    }

    @Test(
        "a number that is longer than it needs to be, or than 64 bits, is refused",
        arguments: [
            [0x80, 0x00], [0xff, 0x80, 0x00], [0x80], [],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x01],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        ] as [[UInt8]])
    func badVarints(bytes: [UInt8]) {
        let failure = #expect(throws: Failure.self) {
            var reader = ByteReader(bytes, object: "the page")
            _ = try reader.varint()
        }
        #expect(failure?.kind == .damaged)
        #expect(failure?.sentence.contains("the page") == true)
    }

    @Test("bytes, texts, words and ids come back, and what is beyond its limit or its end is refused")
    func bytes() throws {
        let id = ChunkID(Array(0..<16))
        var writer = ByteWriter()
        writer.sized([1, 2, 3])
        writer.text("naïve")
        writer.word(0x0102_0304)
        writer.chunkID(id)
        var reader = ByteReader(writer.bytes, object: "x")
        #expect(try reader.sized(3) == [1, 2, 3])
        #expect(try reader.text(6) == "naïve")
        #expect(try reader.word() == 0x0102_0304)
        #expect(try reader.chunkID() == id)
        try reader.finish()
        #expect(throws: Failure.self) {
            var short = ByteReader(writer.bytes, object: "x")
            _ = try short.sized(2)
        }
        #expect(throws: Failure.self) {
            var short = ByteReader([200, 1, 1], object: "x")
            _ = try short.sized(1000)
        }
        #expect(throws: Failure.self) {
            var text = ByteReader([2, 0xc3, 0x28], object: "x")
            _ = try text.text(10)
        }
        #expect(throws: Failure.self) {
            let rest = ByteReader([0], object: "x")
            try rest.finish()
        }
    }

    @Test("ids sort as their bytes do, and say their bytes in hexadecimal")
    func ids() {
        let randomness = SeededRandomness(seed: 1)
        let all = (0..<200).map { _ in randomness.bytes(16) }
        let sorted = all.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(all.map { ChunkID($0) }.sorted().map { $0.bytes } == sorted)
        #expect(ChunkID([0x12, 0x34] + [UInt8](repeating: 0, count: 14)).border == 0x3412)
        #expect(ChunkID(Array(0..<16)).description == "000102030405060708090a0b0c0d0e0f")
    }
}
