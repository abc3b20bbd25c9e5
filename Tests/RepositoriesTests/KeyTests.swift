import Formats
import Platform
import Sealing
import Storage
import TestDoubles
import TestRepositories
import Testing

@testable import Repositories

@Suite("Ways into a repository")
struct KeyTests {
    private func opens(_ store: any ObjectStore, _ credential: Credential) -> FailureKind? {
        do {
            _ = try Repository.open(store, credential: credential, randomness: SeededRandomness(seed: 5))
            return nil
        } catch { return Failure(error).kind }
    }

    @Test("the password and the recovery key open it; anything else is a wrong key, exit 12")
    func credentials() throws {
        let made = try TestRepository()
        #expect(opens(made.store, TestRepository.credential) == nil)
        #expect(opens(made.store, .recoveryKey(made.recoveryKey)) == nil)
        #expect(opens(made.store, .password(SecretBytes([]))) == .wrongKey)
        #expect(opens(made.store, .password(SecretBytes(Array("correct horse ".utf8)))) == .wrongKey)
        #expect(opens(made.store, .recoveryKey(RecoveryKey(randomness: SeededRandomness(seed: 77)))) == .wrongKey)
        // The digits of the recovery key are no password.
        #expect(opens(made.store, .password(SecretBytes(Array(made.recoveryKey.text.utf8)))) == .wrongKey)
        #expect(FailureKind.wrongKey.exitCode == 12 && FailureKind.damaged.exitCode == 13)
    }

    @Test("a recovery key survives the way over paper, and a slip in any digit is noticed")
    func recoveryKeys() throws {
        for seed in 0..<20 as Range<UInt64> {
            let key = RecoveryKey(randomness: SeededRandomness(seed: seed))
            let text = key.text
            #expect(text.utf8.count == 44 && text.split(separator: "-").allSatisfy { $0.utf8.count == 4 })
            let sloppy = text.lowercased().filter { $0 != "-" }
                .replacing("1", with: "l").replacing("0", with: "o")
            for typed in [
                text, text.lowercased(), sloppy, text.replacing("-", with: " "), text.replacing("1", with: "I"),
            ] {
                #expect(RecoveryKey(typed)?.text == text)
            }
            let digits = Array(text.filter { $0 != "-" })
            let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
            for index in digits.indices {
                var wrong = digits
                wrong[index] = try #require(alphabet.first { $0 != digits[index] })
                #expect(RecoveryKey(String(wrong)) == nil, "digit \(index)")
                if index > 0, digits[index] != digits[index - 1] {
                    var swapped = digits
                    swapped.swapAt(index, index - 1)
                    #expect(RecoveryKey(String(swapped)) == nil, "digits \(index - 1) and \(index)")
                }
            }
            #expect(RecoveryKey(String(digits.dropLast())) == nil)
            #expect(RecoveryKey(String(digits) + "0") == nil)
        }
        for text in ["", "U", String(repeating: "U", count: 36), String(repeating: "é", count: 36), "ß"] {
            #expect(RecoveryKey(text) == nil)
        }
    }

    @Test("a flipped bit anywhere in the only slot is damage, exit 13, and never a wrong password")
    func flippedSlot() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let slots = try made.repository.slots(openedWith: TestRepository.credential)
        let mine = try #require(slots.first { $0.label == "password" })
        for slot in slots where slot.name != mine.name { try made.repository.removeSlot(slot.name) }
        let length = Int(try store.length(mine.name))
        for index in 0..<length {
            let twin = store.copy()
            twin.damage(mine.name) { $0[index] ^= 0x10 }
            #expect(opens(twin, TestRepository.credential) == .damaged, "byte \(index)")
        }
        for count in [0, 1, 47, 48, 63, length - 1] {
            let twin = store.copy()
            twin.damage(mine.name) { $0.removeLast(length - count) }
            #expect(opens(twin, TestRepository.credential) == .damaged, "\(count) bytes")
        }
        try store.remove(mine.name)
        #expect(opens(store, TestRepository.credential) == .wrongKey)
    }

    @Test("slots that somebody else put there, however they are made, do not lock the owner out")
    func foreignSlots() throws {
        let store = MemoryStore()
        _ = try TestRepository(in: store)
        let randomness = SeededRandomness(seed: 8)
        func plant(_ object: [UInt8]) throws {
            _ = try store.create(ObjectName("keys", Digest.sha256(object.span)), object.span)
        }
        try plant([])
        try plant(randomness.bytes(500))
        // Well formed up to its cost: what scrypt would refuse, or take all memory for.
        for (log2N, r, p) in [(20, 1, 1), (30, 8, 1), (22, 32, 16), (0, 0, 0)] as [(UInt8, UInt8, UInt8)] {
            let cost = KeyDerivation.Cost(log2N: log2N, r: r, p: p)
            try plant(
                ObjectHeader(slot: .password, cost: cost, salt: randomness.bytes(32)).bytes + randomness.bytes(60))
        }
        try plant(ObjectHeader(slot: .password, cost: TestRepository.cost, salt: randomness.bytes(32)).bytes)
        var future = ObjectHeader(slot: .password, cost: TestRepository.cost, salt: randomness.bytes(32)).bytes
        future[6] = 9
        try plant(future)
        // Named before every other, so that it is tried first; its bytes are not those of its name.
        _ = try store.create(ObjectName("keys", [UInt8](repeating: 0, count: 32)), [1, 2, 3].span)
        #expect(opens(store, TestRepository.credential) == nil)
        #expect(opens(store, .password(SecretBytes([1]))) == .damaged)
    }

    @Test("slots are listed, added and removed, but never the last one")
    func slots() throws {
        let made = try TestRepository()
        let more = Credential.password(SecretBytes(Array("second".utf8)))
        try made.repository.addSlot(more, label: "second", created: made.clock.now(), cost: TestRepository.cost)
        #expect(opens(made.store, more) == nil)
        let slots = try made.repository.slots(openedWith: more)
        #expect(slots.compactMap(\.label) == ["second"])
        #expect(slots.count == 3 && slots.filter(\.wantsRecoveryKey).count == 1)
        for slot in slots.dropLast() { try made.repository.removeSlot(slot.name) }
        let failure = #expect(throws: Failure.self) { try made.repository.removeSlot(slots[2].name) }
        #expect(failure?.kind == .refused)
        #expect(throws: Failure.self) { try made.repository.removeSlot(slots[0].name) }
    }

    @Test("an exchanged salvor.json is noticed, and another repository's is no way in")
    func exchangedDescription() throws {
        let store = MemoryStore()
        _ = try TestRepository(in: store)
        let name = RepositoryDescription.name
        var twin = store.copy()
        twin.damage(name) { $0[$0.count - 1] = 0x20 }
        #expect(opens(twin, TestRepository.credential) == .damaged)
        twin = store.copy()
        twin.damage(name) { $0[$0.count - 4] ^= 1 }
        #expect(opens(twin, TestRepository.credential) == .wrongKey)
        for (text, kind) in [
            ("", FailureKind.damaged), ("{}", .damaged), ("{\"magic\":\"salvor repository\"}", .damaged),
            ("{\"magic\":\"salvor repository\",\"format\":2,\"id\":\"00\"}", .failed),
            ("{\"magic\":\"salvor repository\",\"format\":1,\"id\":\"00\"}", .damaged),
            ("{\"magic\":\"another\",\"format\":1,\"id\":\"00112233445566778899aabbccddeeff\"}", .damaged),
        ] {
            twin = store.copy()
            twin.damage(name) { $0 = Array(text.utf8) }
            #expect(opens(twin, TestRepository.credential) == kind, "\(text)")
        }
        try store.remove(name)
        #expect(opens(store, TestRepository.credential) == .noRepository)
    }

    @Test(
        "settings that are damaged or not signed are passed over; those that need a newer version stop it by name"
    )
    func settings() throws {
        let store = MemoryStore()
        let made = try TestRepository(in: store)
        let name = try #require(try made.repository.names(in: .settings).first)
        let damaged = store.copy()
        damaged.damage(name) { $0[60] ^= 1 }
        #expect(opens(damaged, TestRepository.credential) == nil)
        func plant(_ content: [UInt8]) throws {
            let object = try made.repository.sealer.document(.settings, content, name: nil)
            _ = try store.create(ObjectName("settings", Digest.sha256(object.span)), object.span)
        }
        let wanted = JSONWriter.bytes(["required": ["time-travel"]])
        try plant(wanted + [UInt8](repeating: 0, count: 64))
        try plant([1])
        #expect(opens(store, TestRepository.credential) == nil)
        let signed = try made.repository.signed(.settings, wanted, name: nil)
        _ = try store.create(ObjectName("settings", Digest.sha256(signed.span)), signed.span)
        let failure = #expect(throws: Failure.self) { try TestRepository.open(store) }
        #expect(failure?.sentence.contains("time-travel") == true)
    }

    @Test("nothing that is printed of keys shows them")
    func noSecrets() throws {
        let made = try TestRepository()
        let ring = made.repository.sealer.keys
        let key = try ring.key(.data)
        let digits = unsafe key.withBytes { Hexadecimal.string(unsafe Array($0)) }
        #expect(!"\(ring)".contains(digits) && !"\(key)".contains(digits))
        #expect("\(key)" == "secret of 32 bytes")
    }
}
