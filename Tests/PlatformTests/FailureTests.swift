import Glibc
import Platform
import Testing

@Suite("Failures")
struct FailureTests {
    @Test("every kind has an exit code of its own, those of the documentation")
    func exitCodes() {
        let codes: [FailureKind: Int32] = [
            .failed: 1, .usage: 2, .incomplete: 3, .notRecovered: 4, .objectiveMissed: 5, .unverifiable: 6,
            .leftBehind: 7,
            .policy: 8, .refused: 9, .noRepository: 10, .busy: 11, .wrongKey: 12, .damaged: 13, .unreachable: 14,
            .deadline: 124, .interrupted: 130, .terminated: 143,
        ]
        for kind in FailureKind.allCases { #expect(kind.exitCode == codes[kind], "\(kind)") }
        #expect(Set(FailureKind.allCases.map(\.exitCode)).count == FailureKind.allCases.count)
    }

    @Test("of several at once the gravest is told by the exit code")
    func precedence() {
        #expect(Set(FailureKind.precedence) == Set(FailureKind.allCases))
        #expect(FailureKind.precedence.count == FailureKind.allCases.count)
        let documented: [Int32] = [130, 143, 13, 12, 4, 6, 14, 1, 2, 8, 9, 10, 11, 5, 7, 3]
        #expect(FailureKind.precedence.filter { $0 != .deadline }.map(\.exitCode) == documented)
    }

    @Test("a failure names what was tried, on what, why, and what to do")
    func sentences() {
        let failure = Failure.system("open", "/srv/x", errno: EACCES)
        #expect("\(failure)" == "cannot open /srv/x: Permission denied")
        #expect(failure.systemError == EACCES)
        #expect(failure.hint != nil)
        let outer = failure.within("cannot read the policy")
        #expect("\(outer)" == "cannot read the policy: cannot open /srv/x: Permission denied")
        #expect(outer.systemError == EACCES && outer.hint == failure.hint)
        #expect(Failure.message(of: 99_999) == "error 99999")
    }

    @Test(
        "names are shown as they are, except what would steer the terminal",
        arguments: [
            (Array("plain ä 😀.txt".utf8), "plain ä 😀.txt"), (Array("a\nb\u{1b}[2J\\".utf8), "a\\x0ab\\x1b[2J\\\\"),
            ([0x61, 0xff, 0x80, 0x62], "a\\xff\\x80b"), ([0xc3], "\\xc3"), ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"),
            ([0xf0, 0x9f, 0x98], "\\xf0\\x9f\\x98"), (Array("\u{9b}2J".utf8), "\\xc2\\x9b2J"),
            (Array("a\u{202e}txt.exe".utf8), "a\\xe2\\x80\\xaetxt.exe"), ([], ""), ([0x7f], "\\x7f"),
            (Array(#"back\slash"#.utf8), #"back\\slash"#), ([0x1f], "\\x1f"), (Array(" ~".utf8), " ~"),
        ] as [([UInt8], String)])
    func printableNames(bytes: [UInt8], text: String) { #expect(printable(bytes) == text) }
}
