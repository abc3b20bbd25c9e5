import Formats
import Platform
import Sealing

/// The bytes of hexadecimal digits, with spaces between them as one likes.
func hex(_ text: String) -> [UInt8] { Hexadecimal.bytes(text.filter { $0 != " " && $0 != "\n" }) ?? [] }

/// A key of bytes in a test's own hand.
func secret(_ bytes: [UInt8]) -> SecretBytes { SecretBytes(bytes) }

/// What a secret holds, for comparing it.
func open(_ secret: SecretBytes) -> [UInt8] { unsafe secret.withBytes { unsafe Array($0) } }
