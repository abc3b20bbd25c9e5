import CDigest

/// A SHA-256 under way (FIPS 180-4), on a processor with instructions for it.
struct DigestState {
    /// Bytes that SHA-256 takes in at once.
    private static let blockBytes = 64
    /// Where the length in bits stands in the last block.
    private static let lengthOffset = 56

    /// FIPS 180-4 §5.3.3.
    private var words = SIMD8<UInt32>(
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
    /// The bytes behind the last whole block.
    private var rest = SIMD64<UInt8>()
    private var restBytes = 0
    private var length: UInt64 = 0

    /// Takes bytes in.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let head = unsafe takeHead(bytes)
        let blocks = restBytes == 0 ? (bytes.count - head) / Self.blockBytes : 0
        unsafe compress(bytes, from: head, blocks: blocks)
        unsafe takeTail(bytes, from: head + blocks * Self.blockBytes)
    }

    /// Takes bytes in while `other` takes its own, which may be the same.
    mutating func add(
        _ bytes: UnsafeRawBufferPointer, inStepWith other: inout DigestState, _ others: UnsafeRawBufferPointer
    ) {
        let (head, otherHead) = unsafe (takeHead(bytes), other.takeHead(others))
        let blocks = restBytes == 0 ? (bytes.count - head) / Self.blockBytes : 0
        let otherBlocks = other.restBytes == 0 ? (others.count - otherHead) / Self.blockBytes : 0
        let common = min(blocks, otherBlocks)
        if common > 0 {
            let first = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            let otherFirst = unsafe others.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            unsafe withUnsafeMutableBytes(of: &words) { one in
                unsafe withUnsafeMutableBytes(of: &other.words) { two in
                    unsafe digest_block_pairs(
                        one.assumingMemoryBound(to: UInt32.self).baseAddress, first + head,
                        two.assumingMemoryBound(to: UInt32.self).baseAddress, otherFirst + otherHead, common)
                }
            }
        }
        let done = common * Self.blockBytes
        unsafe compress(bytes, from: head + done, blocks: blocks - common)
        unsafe other.compress(others, from: otherHead + done, blocks: otherBlocks - common)
        unsafe takeTail(bytes, from: head + blocks * Self.blockBytes)
        unsafe other.takeTail(others, from: otherHead + otherBlocks * Self.blockBytes)
    }

    /// The digest; nothing may be added afterwards.
    mutating func finish() -> [UInt8] {
        let bits = length &* 8
        rest[restBytes] = 0x80
        unsafe withUnsafeMutableBytes(of: &rest) { rest in
            for index in (restBytes + 1)..<max(restBytes + 1, Self.blockBytes) { unsafe rest[index] = 0 }
        }
        if restBytes >= Self.lengthOffset {
            compressRest()
            rest = SIMD64<UInt8>()
        }
        unsafe withUnsafeMutableBytes(of: &rest) { rest in
            unsafe rest.storeBytes(of: bits.bigEndian, toByteOffset: Self.lengthOffset, as: UInt64.self)
        }
        compressRest()
        return unsafe [UInt8](unsafeUninitializedCapacity: Digest.length) { buffer, used in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for index in 0..<8 {
                unsafe bytes.storeBytes(of: words[index].bigEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
            used = Digest.length
        }
    }

    /// Fills a block that was begun; answers how many bytes that took.
    private mutating func takeHead(_ bytes: UnsafeRawBufferPointer) -> Int {
        length &+= UInt64(bytes.count)
        guard restBytes > 0 else { return 0 }
        let head = min(Self.blockBytes - restBytes, bytes.count)
        unsafe keep(bytes, from: 0, to: head)
        if restBytes == Self.blockBytes {
            compressRest()
            restBytes = 0
        }
        return head
    }

    /// Keeps what is less than a block.
    private mutating func takeTail(_ bytes: UnsafeRawBufferPointer, from offset: Int) {
        unsafe keep(bytes, from: offset, to: bytes.count)
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
        guard start < end else { return }
        unsafe withUnsafeMutableBytes(of: &rest) { target in
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: target[restBytes...])
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
        restBytes += end - start
    }

    private mutating func compressRest() {
        unsafe withUnsafeBytes(of: rest) { unsafe compress($0, from: 0, blocks: 1) }
    }

    private mutating func compress(_ bytes: UnsafeRawBufferPointer, from offset: Int, blocks: Int) {
        guard blocks > 0 else { return }
        let first = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
        unsafe withUnsafeMutableBytes(of: &words) { words in
            unsafe digest_blocks(words.assumingMemoryBound(to: UInt32.self).baseAddress, first + offset, blocks)
        }
    }
}
