import Platform
import Sealing
import TestDoubles
import Testing

@Suite("Compressed bytes come back as they were")
struct CodecTests {
    static let contents: [(String, [UInt8])] = [
        ("empty", []),
        ("one byte", [7]),
        ("text", Array(String(repeating: "the quick brown fox jumps over the lazy dog; ", count: 4000).utf8)),
        ("noise", SeededRandomness(seed: 2).bytes(200_000)),
        ("zeros", [UInt8](repeating: 0, count: 4 << 20)),
        ("noise, then zeros", SeededRandomness(seed: 3).bytes(100_000) + [UInt8](repeating: 0, count: 100_000)),
    ]

    @Test("by every codec, with and without libzstd", arguments: [Compressor.Choice.best, .zlib, .stored])
    func roundTrip(choice: Compressor.Choice) throws {
        let compressor = Compressor(choice)
        for (label, plain) in Self.contents {
            var packed = Buffer(capacity: plain.count)
            let codec = compressor.compress(plain.span, into: &packed)
            let size = packed.count
            #expect(size <= plain.count, "\(label)")
            if choice == .stored { #expect(codec == .stored) }
            if choice == .zlib { #expect(codec != .zstandard) }
            var opened = Buffer(capacity: plain.count)
            try Decompressor().decompress(packed.bytes, codec, length: plain.count, into: &opened, object: label)
            #expect(opened.array() == plain, "\(label)")
            guard codec != .zstandard else { continue }
            // A machine without libzstd reads what was made without it.
            opened.clear()
            try Decompressor(zstandard: false).decompress(
                packed.bytes, codec, length: plain.count, into: &opened, object: label)
            #expect(opened.array() == plain, "\(label)")
        }
    }

    @Test("a quick compression is read like any other, and the next one is as thorough as before")
    func quick() throws {
        let compressor = Compressor(level: 19)
        let random = SeededRandomness(seed: 9).bytes(40_000)
        let rows = stride(from: 0, to: random.count, by: 4).map { place in
            "\(place)\tcustomer \(random[place])\tcity of \(random[place + 1] % 50), \(random[place + 2] % 9) days\n"
        }
        let plain = Array(rows.joined().utf8)
        let sizes = try [false, true, false].map { isQuick in
            var packed = Buffer(capacity: plain.count)
            let codec = compressor.compress(plain.span, isQuick: isQuick, into: &packed)
            var opened = Buffer(capacity: plain.count)
            try Decompressor().decompress(packed.bytes, codec, length: plain.count, into: &opened, object: "rows")
            #expect(opened.array() == plain)
            return packed.count
        }
        #expect(sizes[0] < sizes[1] && sizes[0] == sizes[2])
    }

    @Test("what does not shrink is stored as it is")
    func incompressible() {
        for choice in [Compressor.Choice.best, .zlib] {
            let noise = SeededRandomness(seed: 4).bytes(1 << 20)
            var packed = Buffer(capacity: noise.count)
            #expect(Compressor(choice).compress(noise.span, into: &packed) == .stored)
            #expect(packed.array() == noise)
        }
    }

    @Test("without libzstd, what needs it is refused with the package's name")
    func missingLibrary() throws {
        let plain = [UInt8](repeating: 5, count: 10_000)
        var packed = Buffer(capacity: plain.count)
        #expect(Compressor(.best).compress(plain.span, into: &packed) == .zstandard)
        var opened = Buffer(capacity: plain.count)
        let failure = #expect(throws: Failure.self) {
            try Decompressor(zstandard: false).decompress(
                packed.bytes, .zstandard, length: plain.count, into: &opened, object: "packs/aa")
        }
        #expect(failure?.kind == .failed)
        #expect(failure?.hint?.contains("libzstd1") == true)
    }

    @Test("a bomb is refused without more memory than was promised", arguments: [Codec.zlib, .zstandard])
    func bomb(codec: Codec) throws {
        let plain = [UInt8](repeating: 0, count: 8 << 20)
        var packed = Buffer(capacity: plain.count)
        #expect(Compressor(codec == .zlib ? .zlib : .best).compress(plain.span, into: &packed) == codec)
        for promised in [0, 1, 1000, (8 << 20) - 1] {
            var room = Buffer(capacity: promised)
            #expect(refuses(packed.array(), codec, promised, &room), "\(promised)")
            let left = room.count
            #expect(left == 0)
        }
    }

    @Test("every other length, and bytes behind the end, are refused", arguments: [Codec.stored, .zlib, .zstandard])
    func lengths(codec: Codec) throws {
        let plain = Array(String(repeating: "abcdefgh", count: 500).utf8)
        var packed = Buffer(capacity: plain.count)
        let choice: Compressor.Choice = codec == .stored ? .stored : codec == .zlib ? .zlib : .best
        #expect(Compressor(choice).compress(plain.span, into: &packed) == codec)
        let bytes = packed.array()
        var room = Buffer(capacity: plain.count + 10)
        for length in [0, 1, plain.count - 1, plain.count + 1] {
            #expect(refuses(bytes, codec, length, &room), "\(length)")
        }
        #expect(refuses(bytes + [0], codec, plain.count, &room))
        #expect(refuses(Array(bytes.dropLast()), codec, plain.count, &room))
        #expect(refuses([], codec, plain.count, &room))
        // Two streams, one behind the other, are not one.
        var twice = Buffer(capacity: plain.count * 2)
        if codec != .stored { #expect(refuses(bytes + bytes, codec, plain.count * 2, &twice)) }
    }

    @Test("random bytes and random changes are refused or give the promised length, and never crash")
    func fuzz() {
        let randomness = SeededRandomness(seed: 5)
        let plain = Array(String(repeating: "salvage ", count: 300).utf8)
        let decompressor = Decompressor()
        var room = Buffer(capacity: 64 << 10)
        for codec in [Codec.zlib, .zstandard] {
            var packed = Buffer(capacity: plain.count)
            _ = Compressor(codec == .zlib ? .zlib : .best).compress(plain.span, into: &packed)
            for _ in 0..<3000 {
                var bytes = packed.array()
                for _ in 0...randomness.next(below: 4) {
                    bytes[randomness.next(below: bytes.count)] = UInt8(randomness.next(below: 256))
                }
                if randomness.next(below: 3) == 0 { bytes.removeLast(randomness.next(below: bytes.count)) }
                room.clear()
                let length = randomness.next(below: 2) == 0 ? plain.count : randomness.next(below: 64 << 10)
                do {
                    try decompressor.decompress(bytes.span, codec, length: length, into: &room, object: "x")
                    let count = room.count
                    #expect(count == length)
                } catch {
                    let left = room.count
                    #expect(Failure(error).kind == .damaged && left == 0)
                }
            }
        }
    }

    private func refuses(_ packed: [UInt8], _ codec: Codec, _ length: Int, _ room: inout Buffer) -> Bool {
        room.clear()
        do {
            try Decompressor().decompress(packed.span, codec, length: length, into: &room, object: "x")
            return false
        } catch { return Failure(error).kind == .damaged }
    }
}
