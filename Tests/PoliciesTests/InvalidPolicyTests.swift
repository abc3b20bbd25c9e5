import Formats
import Platform
import Policies
import Testing

@Suite("Invalid policies")
struct InvalidPolicyTests {
    @Test("each is refused, with all of its mistakes at their places", arguments: InvalidPolicies.names)
    func refused(name: String) throws {
        let bytes = try InvalidPolicies.bytes(name)
        let expected = InvalidPolicies.expectations(bytes)
        #expect(!expected.isEmpty)
        let error = #expect(throws: PolicyMistakes.self) { try Policy.read(bytes, path: Array(name.utf8)) }
        let mistakes = error?.mistakes ?? []
        #expect(mistakes.map(\.place) == expected.map(\.place), "\(mistakes.map(\.sentence))")
        for (mistake, expectation) in zip(mistakes, expected) {
            #expect(mistake.sentence.contains(expectation.words))
        }
    }

    @Test("there are many, and one shows that all of a policy's mistakes are told at once")
    func many() throws {
        #expect(InvalidPolicies.names.count >= 100)
        let bytes = try InvalidPolicies.bytes("everything-at-once.json5")
        let error = #expect(throws: PolicyMistakes.self) { try Policy.read(bytes, path: Array("shop.json5".utf8)) }
        let failures = error?.failures ?? []
        #expect(failures.count == 13 && failures.allSatisfy { $0.kind == .policy })
        #expect(failures.allSatisfy { $0.sentence.hasPrefix("shop.json5:") })
    }

    @Test("nothing that a policy holds steers the terminal of who reads its mistakes")
    func terminal() {
        let escape = "\\u001b[2J\\u202e"
        let texts = [
            "{'\(escape)' 1}", "{'\(escape)': 1}", "{format: '\(escape)', name: '\(escape)', timezone: '\(escape)'}",
            """
            {sources: {'\(escape)': {adapter: 'postgres', connect: 'postgres:', databases: ['\(escape)', 'b']},
             '\(escape)x': {adapter: '\(escape)'}, a: {adapter: 'files', root: '\(escape)', exclude: ['\(escape)//']}},
             drill: {start: [{name: 'a', argv: ['{\(escape)}', '{\(escape).path}', '{x}'],
             environment: {'\(escape)': ''}}],
             checks: [{type: 'sql', source: '\(escape)', query: '', expect: {matches: '(\(escape)'}},
             {type: 'http', url: '\(escape)'}]}}
            """,
        ]
        for text in texts {
            let error = #expect(throws: PolicyMistakes.self) { try Policy.read(Array(text.utf8), path: []) }
            for failure in error?.failures ?? [] {
                let said = "\(failure.description) \(failure.hint ?? "")".unicodeScalars
                #expect(!said.contains { $0 == "\u{1b}" || $0 == "\u{202e}" || $0 == "\n" }, "\(failure)")
            }
        }
    }

    @Test("no mistake repeats a secret")
    func secrets() throws {
        for name in InvalidPolicies.names {
            let bytes = try InvalidPolicies.bytes(name)
            guard String(decoding: bytes, as: UTF8.self).contains("hunter2") else { continue }
            let error = #expect(throws: PolicyMistakes.self) { try Policy.read(bytes, path: []) }
            for failure in error?.failures ?? [] {
                #expect(!"\(failure.description) \(failure.hint ?? "")".contains("hunter2"), "\(name)")
            }
        }
    }

    @Test(
        "who mistypes is told what may be meant",
        arguments: [
            ("unknown-key", "did you mean `sources`?"), ("unknown-key-deep", "did you mean `exclude`?"),
            ("key-of-another-object", "`rto` is a key of `objectives`"),
            ("adapter-unknown", "did you mean \"postgres\"?"),
            ("select-word", "did you mean \"newest\"?"), ("timeouts-phase", "did you mean `prove`?"),
            ("placeholder-port", "did you mean {port.web}?"), ("check-type", "did you mean \"sql\"?"),
            ("check-source", "did you mean \"db\"?"), ("duration-bare-number", "such as 90s, 45m"),
        ])
    func hints(name: String, hint: String) throws {
        let bytes = try InvalidPolicies.bytes(name + ".json5")
        let error = #expect(throws: PolicyMistakes.self) { try Policy.read(bytes, path: []) }
        #expect(error?.mistakes.contains { $0.hint?.contains(hint) == true } == true, "\(error?.mistakes ?? [])")
    }
}
