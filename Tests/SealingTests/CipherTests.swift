import Platform
import Sealing
import TestDoubles
import Testing

@Suite("Sealed bytes open as they were, or not at all")
struct CipherTests {
    @Test("every length comes back, and every flipped byte, other ordinal or other additional data is refused")
    func roundTrip() {
        let randomness = SeededRandomness(seed: 1)
        let key = secret(randomness.bytes(32))
        for length in [0, 1, 15, 16, 17, 1000] {
            let plain = randomness.bytes(length)
            var sealed = Buffer(capacity: length + AuthenticatedCipher.tagLength)
            AuthenticatedCipher(key: key).seal(plain.span, ordinal: 7, additional: [1, 2], into: &sealed)
            let cipher = AuthenticatedCipher(key: key)
            var opened = Buffer(capacity: length + 1)
            #expect(cipher.open(sealed.bytes, ordinal: 7, additional: [1, 2], into: &opened))
            #expect(opened.array() == plain)
            let bytes = sealed.array()
            for index in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
                var wrong = bytes
                wrong[index] ^= 0x80
                #expect(!opens(wrong, cipher, ordinal: 7, additional: [1, 2]), "byte \(index) of \(length)")
            }
            #expect(!opens(bytes, cipher, ordinal: 8, additional: [1, 2]))
            #expect(!opens(bytes, cipher, ordinal: 7, additional: [1, 3]))
            #expect(!opens(Array(bytes.dropLast()), cipher, ordinal: 7, additional: [1, 2]))
            #expect(
                !opens(bytes, AuthenticatedCipher(key: secret(randomness.bytes(32))), ordinal: 7, additional: [1, 2]))
        }
    }

    @Test("less than a tag is refused")
    func short() {
        let cipher = AuthenticatedCipher(key: secret([UInt8](repeating: 1, count: 32)))
        for count in 0..<16 { #expect(!opens([UInt8](repeating: 0, count: count), cipher, ordinal: 0, additional: [])) }
    }

    @Test("what is not authentic leaves no byte behind")
    func nothingLeft() {
        let cipher = AuthenticatedCipher(key: secret([UInt8](repeating: 1, count: 32)))
        var buffer = Buffer(capacity: 100)
        buffer.append(9)
        #expect(!cipher.open([UInt8](repeating: 0, count: 50).span, ordinal: 0, additional: [], into: &buffer))
        #expect(buffer.array() == [9])
    }

    private func opens(_ sealed: [UInt8], _ cipher: AuthenticatedCipher, ordinal: UInt32, additional: [UInt8]) -> Bool {
        var opened = Buffer(capacity: max(sealed.count, 1))
        let answer = cipher.open(sealed.span, ordinal: ordinal, additional: additional, into: &opened)
        return answer || !opened.isEmpty
    }

    @Test(
        "a cost that would take more than 1 GiB, or that scrypt does not know, is not acceptable",
        arguments: [
            (UInt8(23), UInt8(8), UInt8(1)), (3, 8, 1), (15, 0, 1), (15, 33, 1), (15, 8, 0), (15, 8, 17), (22, 8, 1),
            (255, 255, 255), (16, 1, 1), (21, 32, 1),
        ])
    func costs(log2N: UInt8, r: UInt8, p: UInt8) {
        #expect(!KeyDerivation.Cost(log2N: log2N, r: r, p: p).isAcceptable)
    }

    @Test(
        "every cost that is acceptable can be run: a hostile key slot cannot stop the others",
        arguments: [
            (UInt8(15), UInt8(1), UInt8(1)), (4, 1, 16), (4, 32, 1),
        ])
    func runnable(log2N: UInt8, r: UInt8, p: UInt8) throws {
        let cost = KeyDerivation.Cost(log2N: log2N, r: r, p: p)
        #expect(cost.isAcceptable)
        #expect(try KeyDerivation.stretch(password: secret([]), salt: [1], cost: cost).count == 32)
    }
}
