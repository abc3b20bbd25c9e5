import Platform
import Sealing
import Testing

@Suite("The cryptography is that of the standards")
struct StandardVectorTests {
    @Test("SHA-256 as in FIPS 180-4, in one piece and byte by byte")
    func sha256() {
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let cases: [([UInt8], String)] = [
            ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ]
        let digest = Digest()
        for (message, expected) in cases {
            #expect(Digest.sha256(message.span) == hex(expected))
            for start in stride(from: 0, to: message.count, by: 999) {
                digest.update(message.span.extracting(start..<min(start + 999, message.count)))
            }
            #expect(digest.finish() == hex(expected))
        }
    }

    @Test("a digest that was left half way does not spoil the next one after a restart")
    func restart() {
        let digest = Digest()
        digest.update([1, 2, 3].span)
        digest.restart()
        digest.update(Array("abc".utf8).span)
        #expect(digest.finish() == Digest.sha256(Array("abc".utf8).span))
    }

    @Test(
        "HMAC-SHA-256 as in RFC 4231",
        arguments: [
            (
                "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                String(repeating: "aa", count: 131),
                "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579"
                    + "202d2048617368204b6579204669727374",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func hmac(key: String, message: String, expected: String) {
        let authentication = MessageAuthentication(key: secret(hex(key)))
        let bytes = hex(message)
        #expect(authentication.code(nil, bytes.span) == hex(expected))
        // The first byte apart, and again with the same context.
        #expect(authentication.code(bytes[0], Array(bytes.dropFirst()).span) == hex(expected))
    }

    @Test(
        "HKDF as in RFC 5869, with salt and without",
        arguments: [
            (
                String(repeating: "0b", count: 22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
            ),
            (
                String(repeating: "0b", count: 22), "", "",
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
            ),
        ])
    func hkdf(key: String, salt: String, info: String, expected: String) {
        let derived = KeyDerivation.derive(secret(hex(key)), salt: hex(salt), info: hex(info), count: 42)
        #expect(open(derived) == hex(expected))
    }

    @Test("HKDF makes long outputs as in RFC 5869, case 2")
    func longHKDF() {
        let derived = KeyDerivation.derive(
            secret(Array(0x00...0x4f)), salt: Array(0x60...0xaf), info: Array(0xb0...0xff), count: 82)
        #expect(
            open(derived)
                == hex(
                    """
                    b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09
                    da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
                    """))
    }

    @Test(
        "scrypt as in RFC 7914",
        arguments: [
            ("", "", UInt8(4), UInt8(1), UInt8(1), "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
            ("password", "NaCl", 10, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"),
            (
                "pleaseletmein", "SodiumChloride", 14, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            ),
        ])
    func scrypt(password: String, salt: String, log2N: UInt8, r: UInt8, p: UInt8, expected: String) throws {
        let key = try KeyDerivation.stretch(
            password: secret(Array(password.utf8)), salt: Array(salt.utf8),
            cost: KeyDerivation.Cost(log2N: log2N, r: r, p: p))
        #expect(open(key) == hex(expected))
    }

    @Test("AES-256-GCM as in the test cases 13 and 14 of McGrew and Viega")
    func gcm() {
        let cipher = AuthenticatedCipher(key: secret([UInt8](repeating: 0, count: 32)))
        var output = Buffer(capacity: 64)
        cipher.seal([UInt8]().span, ordinal: 0, additional: [], into: &output)
        #expect(output.array() == hex("530f8afbc74536b9a963b4f1c4cb738b"))
        output.clear()
        cipher.seal([UInt8](repeating: 0, count: 16).span, ordinal: 0, additional: [], into: &output)
        #expect(output.array() == hex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"))
    }

    @Test("the nonce is eight zeros and the ordinal, as another implementation seals it")
    func nonce() {
        let cipher = AuthenticatedCipher(key: secret(Array(0..<32)))
        var output = Buffer(capacity: 200)
        cipher.seal(Array<UInt8>(0..<100).span, ordinal: 0x0102_0304, additional: Array("salvor".utf8), into: &output)
        #expect(
            output.array()
                == hex(
                    """
                    ff50c80d5a4372eb54ca7aba28bac5377f1d9625a2ee8c0c15642a1b227281ae771f09c6ce32e82111c439a8eeea4dd6
                    12f6101233fd9f5c35bd9d9a24ed303fa06c7ba2b9dcc6a6e08cd51dc4e48038ff3dd4d68cf822274a56e244d6791932
                    4e385d7c196d07222519029fc1b7f9cd56c83492
                    """))
    }

    @Test(
        "Ed25519 as in RFC 8032",
        arguments: [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                    + "d25bf5f0595bbe24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                    + "387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ])
    func ed25519(seed: String, publicKey: String, message: String, signature: String) {
        let key = secret(hex(seed))
        #expect(Signature.publicKey(of: key) == hex(publicKey))
        #expect(Signature.sign(hex(message), with: key) == hex(signature))
        #expect(Signature.verify(hex(signature), of: hex(message), publicKey: hex(publicKey)))
        for index in [0, 31, 32, 63] {
            var wrong = hex(signature)
            wrong[index] ^= 1
            #expect(!Signature.verify(wrong, of: hex(message), publicKey: hex(publicKey)))
        }
        #expect(!Signature.verify(hex(signature), of: hex(message) + [0], publicKey: hex(publicKey)))
        #expect(!Signature.verify([], of: hex(message), publicKey: hex(publicKey)))
        #expect(!Signature.verify(hex(signature), of: hex(message), publicKey: []))
    }
}
