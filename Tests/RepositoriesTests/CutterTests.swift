import Platform
import Sealing
import TestDoubles
import Testing

@testable import Repositories

@Suite("Contents are cut by what is in them")
struct CutterTests {
    private static let key = SecretBytes([UInt8](repeating: 3, count: 32))

    /// The same by the article's words alone: the whole hash anew at every place.
    private static func naiveCut(_ bytes: ArraySlice<UInt8>, _ sizes: Cutter.Sizes, _ table: [UInt64]) -> Int {
        let end = min(bytes.count, sizes.most)
        if end <= sizes.least { return end }
        var bits = 0
        while 1 << (bits + 1) <= sizes.average { bits += 1 }
        for length in (sizes.least + 1)...end {
            var hash: UInt64 = 0
            for offset in max(0, length - 64)..<length {
                hash = hash &* 2 &+ table[Int(bytes[bytes.startIndex + offset])]
            }
            let wanted = length <= min(sizes.average, end) ? bits + 2 : bits - 2
            if hash >> UInt64(64 - wanted) == 0 { return length }
        }
        return end
    }

    private static var table: [UInt64] {
        let stream = KeyDerivation.derive(key, salt: [], info: Array("salvor gear 1".utf8), count: 2048)
        let bytes = unsafe stream.withBytes { unsafe Array($0) }
        return (0..<256).map { row in
            var word: UInt64 = 0
            for index in (0..<8).reversed() { word = word << 8 | UInt64(bytes[row * 8 + index]) }
            return word
        }
    }

    private func cuts(_ bytes: [UInt8], _ cutter: Cutter) -> [Int] {
        var places: [Int] = []
        var start = 0
        while start < bytes.count {
            start += cutter.cut(bytes.span.extracting(start..<bytes.count))
            places.append(start)
        }
        return places
    }

    @Test(
        "at the places where a naive reading of the article cuts",
        arguments: [
            Cutter.Sizes(least: 256, average: 1024, most: 4096), Cutter.Sizes(least: 64, average: 256, most: 512),
            Cutter.Sizes(least: 512, average: 2048, most: 8192),
        ])
    func twin(sizes: Cutter.Sizes) {
        let cutter = Cutter(key: Self.key, sizes: sizes)
        let table = Self.table
        for seed in 0..<4 as Range<UInt64> {
            let randomness = SeededRandomness(seed: seed)
            // Noise, repetition and zeros: cuts at the hash, at the most, and at the end.
            let pieces = [
                randomness.bytes(12_000), [UInt8](repeating: 0, count: 9_000), Array("abc".utf8),
                randomness.bytes(5_001),
            ]
            let bytes = pieces.flatMap { $0 }
            var naive: [Int] = []
            var start = 0
            while start < bytes.count {
                start += Self.naiveCut(bytes[start...], sizes, table)
                naive.append(start)
            }
            #expect(cuts(bytes, cutter) == naive)
        }
    }

    @Test("never above the most, and never below the least but at the end; the average is near what was asked for")
    func sizes() {
        let sizes = Cutter.Sizes(least: 4 << 10, average: 16 << 10, most: 64 << 10)
        let places = cuts(SeededRandomness(seed: 9).bytes(8 << 20), Cutter(key: Self.key, sizes: sizes))
        let lengths = zip(places, [0] + places).map { $0 - $1 }
        #expect(lengths.allSatisfy { $0 <= sizes.most })
        #expect(lengths.dropLast().allSatisfy { $0 >= sizes.least })
        let average = lengths.reduce(0, +) / lengths.count
        #expect((8 << 10...32 << 10).contains(average), "\(average)")
    }

    @Test("an insertion changes the chunks around it, and no other")
    func insertion() {
        let cutter = Cutter(key: Self.key, sizes: Cutter.Sizes(least: 1 << 10, average: 4 << 10, most: 16 << 10))
        let bytes = SeededRandomness(seed: 10).bytes(1 << 20)
        for place in [0, 1, 300_000, 1 << 19, (1 << 20) - 1] {
            var changed = bytes
            changed.insert(contentsOf: [1, 2, 3, 4, 5], at: place)
            let before = Set(pieces(bytes, cutter))
            let new = pieces(changed, cutter).filter { !before.contains($0) }
            #expect(new.count <= 4, "\(new.count) new chunks after an insertion at \(place)")
        }
    }

    @Test("where it cuts depends on the key")
    func keyed() {
        let sizes = Cutter.Sizes(least: 1 << 10, average: 4 << 10, most: 16 << 10)
        let bytes = SeededRandomness(seed: 11).bytes(1 << 18)
        let other = Cutter(key: SecretBytes([UInt8](repeating: 4, count: 32)), sizes: sizes)
        #expect(cuts(bytes, Cutter(key: Self.key, sizes: sizes)) != cuts(bytes, other))
    }

    @Test("lines ask for any average and get a possible one", arguments: [0, 1, 2048, 5000, 1 << 20, .max])
    func lines(average: Int) {
        let sizes = Cutter.Sizes.lines(averageBytes: average)
        #expect(sizes.least >= 512 && sizes.most <= Limits.chunkBytes && sizes.least < sizes.average)
        #expect(cuts([1, 2, 3], Cutter(key: Self.key, sizes: sizes)) == [3])
    }

    private func pieces(_ bytes: [UInt8], _ cutter: Cutter) -> [[UInt8]] {
        let places = cuts(bytes, cutter)
        return zip([0] + places, places).map { Array(bytes[$0..<$1]) }
    }
}
