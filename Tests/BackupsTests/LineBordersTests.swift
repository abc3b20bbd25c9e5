import DataSources
import Repositories
import TestDoubles
import Testing

@testable import Backups

@Suite("Borders between lines")
struct LineBordersTests {
    private let sizes = Cutter.Sizes.lines(averageBytes: 4096)

    /// Lines of some lengths, each with its hash, as a reader would tell of them.
    private func borders(_ lines: [(bytes: Int, hash: UInt64)]) -> [LineBorder] {
        let rule = LineBorder.Rule(averageBytes: 4096)
        var end: UInt64 = 0
        return lines.compactMap { line in
            end += UInt64(line.bytes)
            return rule.border(bytes: line.bytes, hash: line.hash).map { LineBorder(end: end, isStrict: $0) }
        }
    }

    /// The lengths of the chunks.
    private func chunks(_ lines: [(bytes: Int, hash: UInt64)]) -> [Int] {
        var known = LineBorders()
        known.add(borders(lines))
        let total = lines.reduce(0) { $0 + $1.bytes }
        var (offset, lengths) = (0, [Int]())
        while offset < total {
            let length =
                known.next(from: UInt64(offset), sizes: sizes, within: total - offset)
                ?? min(sizes.most, total - offset)
            lengths.append(length)
            offset += length
        }
        return lengths
    }

    private func lines(_ count: Int, seed: UInt64, bytes: ClosedRange<Int>) -> [(bytes: Int, hash: UInt64)] {
        let random = SeededRandomness(seed: seed)
        return (0..<count).map { _ in
            let bytes = bytes.lowerBound + random.next(below: bytes.count)
            return (bytes, random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    @Test(
        "chunks have about the wanted length, for short lines and long ones, and none is too short or too long",
        arguments: [1...3, 20...200, 500...3000])
    func sizes(bytes: ClosedRange<Int>) {
        let all = lines(4_000_000 / (bytes.lowerBound + bytes.upperBound), seed: 3, bytes: bytes)
        let lengths = chunks(all)
        let average = lengths.reduce(0, +) / lengths.count
        #expect((2500...7000).contains(average), "\(average)")
        #expect(lengths.dropLast().allSatisfy { $0 >= sizes.least && $0 <= sizes.most })
    }

    @Test("behind a line that is gone or new the cuts are soon the same again")
    func resync() {
        for bytes in [20...200, 800...1500] {
            let old = lines(3000, seed: 5, bytes: bytes)
            var new = old
            new.remove(at: 1000)
            new.insert((bytes.lowerBound, 1 << 62), at: 2000)
            func ends(_ lines: [(bytes: Int, hash: UInt64)]) -> Set<Int> {
                let total = lines.reduce(0) { $0 + $1.bytes }
                var sum = 0
                return Set(
                    chunks(lines).map { length in
                        sum += length; return total - sum
                    })
            }
            let common = ends(old).intersection(ends(new))
            #expect(Double(common.count) > 0.3 * Double(ends(old).count), "\(bytes): all behind the last change")
            let changed = zip(chunks(old), chunks(new)).prefix { $0 == $1 }.count
            #expect(changed * 5 > chunks(old).count, "\(bytes): all before the first change")
        }
    }

    @Test("borders that lie behind a hard cut are passed over, and those not read yet are waited for")
    func places() {
        var known = LineBorders()
        #expect(!known.areKnown)
        known.add(nil)
        #expect(!known.areKnown)
        known.add([])
        #expect(known.areKnown && known.next(from: 0, sizes: sizes, within: 1 << 20) == nil)
        known.add([LineBorder(end: 500, isStrict: true), LineBorder(end: 5000, isStrict: false)])
        #expect(known.next(from: 0, sizes: sizes, within: 4000) == nil, "500 is too short, 5000 is not there yet")
        #expect(known.next(from: 0, sizes: sizes, within: 5000) == 5000)
        known.add([LineBorder(end: 9000, isStrict: true), LineBorder(end: 40_000, isStrict: true)])
        #expect(known.next(from: 9000, sizes: sizes, within: 1 << 20) == nil, "the next one is too far")
        #expect(known.next(from: 30_000, sizes: sizes, within: 1 << 20) == 10_000)
    }
}
