import Platform
import Sealing

/// The packs that an index names, and their frames, as flat rows: 88 bytes a pack and 20 to find it, 8 bytes a frame.
/// Used by one thread at a time.
struct PackTable {
    private struct Pack {
        var length: UInt32
        var epoch: UInt32
        var firstFrame: UInt32
        /// Where its last frame ends.
        var end: UInt32
        /// The pack added before it whose id begins alike.
        var before: UInt32
        var kind: ObjectKind
    }

    private struct Frame {
        /// Where it begins; it ends where the next one of the pack begins.
        var offset: UInt32
        /// Its plain length, and in the lowest byte its codec.
        var plainAndCodec: UInt32

        var plainLength: Int { Int(plainAndCodec >> 8) }
        var codec: Codec { Codec(rawValue: UInt8(truncatingIfNeeded: plainAndCodec)) ?? .stored }
    }

    private var packs: [Pack] = []
    private var idsAndSalts: [UInt8] = []
    private var frames: [Frame] = []
    /// The pack added last with each beginning of an id.
    private var known: [UInt64: UInt32] = [:]

    private static let idLength = 32
    private static let bytesPerPack = idLength + ObjectHeader.saltLength

    /// How many packs there are; their numbers are 0 to one less.
    var count: Int { packs.count }
    /// How many frames there are; their numbers are 0 to one less.
    var frameCount: Int { frames.count }

    /// Adds a pack, unless it is known as just that, and gives the number of its first frame. Its frames are such as a
    /// reader takes.
    mutating func add(_ info: PackInfo, _ described: [PackDirectory.Frame]) -> UInt32 {
        let start = Self.beginning(info.id)
        // Two indexes that name one pack agree on it, unless one of them lies: then both are kept.
        if let number = known[start], pack(number) == info, hasFrames(described, number) {
            return packs[Int(number)].firstFrame
        }
        precondition(frames.count + described.count < UInt32.max, "an index of more than 4 billion frames")
        let number = UInt32(packs.count)
        let first = UInt32(frames.count)
        var offset = UInt32(ObjectHeader.length)
        for frame in described {
            frames.append(
                Frame(offset: offset, plainAndCodec: UInt32(frame.plainLength) << 8 | UInt32(frame.codec.rawValue)))
            offset += UInt32(frame.sealedLength)
        }
        packs.append(
            Pack(
                length: UInt32(info.length), epoch: info.epoch, firstFrame: first, end: offset,
                before: known[start] ?? .max, kind: info.kind))
        idsAndSalts += info.id
        idsAndSalts += info.salt
        known[start] = number
        return first
    }

    private static func beginning(_ id: [UInt8]) -> UInt64 { id.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// Whether a pack is known with just these frames, whatever is in them.
    func hasFrames(_ described: [PackDirectory.Frame], _ number: UInt32) -> Bool {
        let numbers = frameNumbers(of: number)
        return numbers.count == described.count
            && zip(numbers, described).allSatisfy { known, other in
                let place = frame(known, in: number)
                return place.sealedLength == other.sealedLength && place.codec == other.codec
                    && place.plainLength == other.plainLength
            }
    }

    /// A pack by its number.
    func pack(_ number: UInt32) -> PackInfo {
        let pack = packs[Int(number)]
        let start = Int(number) * Self.bytesPerPack
        let middle = start + Self.idLength
        return PackInfo(
            id: Array(idsAndSalts[start..<middle]), length: UInt64(pack.length), kind: pack.kind, epoch: pack.epoch,
            salt: Array(idsAndSalts[middle..<start + Self.bytesPerPack]))
    }

    /// The numbers under which a pack is known: more than one where indexes describe it differently.
    func numbers(of id: [UInt8]) -> [UInt32] {
        var numbers: [UInt32] = []
        var next = known[Self.beginning(id)] ?? .max
        while next != .max {
            let start = Int(next) * Self.bytesPerPack
            if idsAndSalts[start..<start + Self.idLength].elementsEqual(id) { numbers.append(next) }
            next = packs[Int(next)].before
        }
        return numbers
    }

    /// The numbers of a pack's frames.
    func frameNumbers(of number: UInt32) -> Range<UInt32> {
        let next = Int(number) + 1
        return packs[Int(number)].firstFrame..<(next < packs.count ? packs[next].firstFrame : UInt32(frames.count))
    }

    /// A frame by its number.
    func frame(_ number: UInt32) -> FramePlace { frame(number, in: pack(ofFrame: number)) }

    private func frame(_ number: UInt32, in pack: UInt32) -> FramePlace {
        let frame = frames[Int(number)]
        let numbers = frameNumbers(of: pack)
        let end = number + 1 < numbers.upperBound ? frames[Int(number) + 1].offset : packs[Int(pack)].end
        return FramePlace(
            pack: pack, ordinal: number - numbers.lowerBound, offset: UInt64(frame.offset),
            sealedLength: Int(end - frame.offset), codec: frame.codec, plainLength: frame.plainLength)
    }

    /// The plain length of a frame.
    func plainLength(ofFrame number: UInt32) -> Int { frames[Int(number)].plainLength }

    /// The pack that a frame lies in: the last one that begins at it or before.
    func pack(ofFrame number: UInt32) -> UInt32 {
        var (first, end) = (0, packs.count)
        while end - first > 1 {
            let middle = (first + end) / 2
            if packs[middle].firstFrame <= number { first = middle } else { end = middle }
        }
        return UInt32(first)
    }
}
