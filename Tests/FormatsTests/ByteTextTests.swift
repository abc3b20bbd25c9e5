import Formats
import TestDoubles
import Testing

@Suite("Bytes as text")
struct ByteTextTests {
    @Test(
        "Base64 is that of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, text: String) {
        #expect(Base64.string(Array(plain.utf8)) == text)
        #expect(Base64.bytes(text) == Array(plain.utf8))
    }

    @Test(
        "what Base64 would not write is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm-v", "=Zg=", "Zg==Zg==", "====", " Zg=",
            "Zg==\0\0\0\0", "éé",
        ])
    func badBase64(text: String) { #expect(Base64.bytes(text) == nil) }

    @Test("hexadecimal digits are lower-case and even", arguments: ["0", "0G", "AB", "0x", "a b ", "é"])
    func badHexadecimal(text: String) { #expect(Hexadecimal.bytes(text) == nil) }

    @Test("any bytes come back from both")
    func roundTrip() {
        let random = SeededRandomness(seed: 3)
        for length in 0..<200 {
            let bytes = random.bytes(length)
            #expect(Base64.bytes(Base64.string(bytes)) == bytes)
            #expect(Hexadecimal.bytes(Hexadecimal.string(bytes)) == bytes)
        }
        #expect(Hexadecimal.string([0, 0x1f, 0xa0, 0xff]) == "001fa0ff")
        #expect(Hexadecimal.digits(0x1f, width: 4) == "001f")
        #expect(Hexadecimal.digits(.max, width: 2) == "ffffffffffffffff")
    }
}
