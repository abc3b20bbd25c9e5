/// Reads a `Glob`. Sets are read as git reads them.
struct GlobParser {
    private let text: [UInt8]
    private let ignoringCase: Bool
    private var position = 0

    init(_ text: [UInt8], ignoringCase: Bool) {
        self.text = text
        self.ignoringCase = ignoringCase
    }

    private static let backslash = UInt8(ascii: "\\")
    private static let opening = UInt8(ascii: "[")
    private static let closing = UInt8(ascii: "]")

    /// The places between the stars.
    mutating func runs() throws(PatternProblem) -> [[Glob.Place]] {
        var runs: [[Glob.Place]] = [[]]
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "*"):
                // Several stars say no more than one.
                if runs.count == 1 || !runs[runs.count - 1].isEmpty { runs.append([]) }
            case UInt8(ascii: "?"): runs[runs.count - 1].append(.any)
            case Self.opening: runs[runs.count - 1].append(.oneOf(try set()))
            case 0: throw PatternProblem("it holds a NUL, which no name has")
            case Self.backslash: runs[runs.count - 1].append(.byte(folded(try escaped())))
            default: runs[runs.count - 1].append(.byte(folded(byte)))
            }
        }
        return runs
    }

    /// Where the set that begins at `start` ends, behind its `]`.
    static func endOfSet(in text: [UInt8], from start: Int) throws(PatternProblem) -> Int {
        var parser = GlobParser(text, ignoringCase: false)
        parser.position = start + 1
        _ = try parser.set()
        return parser.position
    }

    private mutating func next() -> UInt8? {
        guard position < text.count else { return nil }
        defer { position += 1 }
        return text[position]
    }

    private func folded(_ byte: UInt8) -> UInt8 { ignoringCase ? ByteSet.lowercased(byte) : byte }

    private mutating func escaped() throws(PatternProblem) -> UInt8 {
        guard let byte = next() else {
            throw PatternProblem(
                "it ends with a single backslash, and matches nothing", hint: #"a backslash itself is written \\"#)
        }
        return byte
    }

    /// A set, behind its `[`.
    private mutating func set() throws(PatternProblem) -> ByteSet {
        var set = ByteSet()
        let isInverted = position < text.count && [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(text[position])
        if isInverted { position += 1 }
        // The first byte belongs to the set even when it is a `]`.
        var byte = try inSet()
        var before: UInt8?
        repeat {
            if byte == Self.backslash {
                byte = try inSet()
                set.insert(byte)
                before = byte
            } else if byte == UInt8(ascii: "-"), let first = before, let last = try endOfRange() {
                for member in stride(from: Int(first), through: Int(last), by: 1) { set.insert(UInt8(member)) }
                before = nil
            } else if byte == Self.opening, let members = try classMembers() {
                set.formUnion(members)
                before = nil
            } else {
                set.insert(byte)
                before = byte
            }
            byte = try inSet()
        } while byte != Self.closing
        if ignoringCase { set = set.ignoringCase }
        return isInverted ? set.inverted : set
    }

    private mutating func inSet() throws(PatternProblem) -> UInt8 {
        guard let byte = next(), byte != 0 else {
            throw PatternProblem(
                "it has a [ without its ], and matches nothing", hint: #"a bracket itself is written \["#)
        }
        return byte
    }

    /// The last byte of a range, behind its `-`; nil when the `-` stands for itself, as the last one of a set.
    private mutating func endOfRange() throws(PatternProblem) -> UInt8? {
        guard position < text.count, text[position] != Self.closing else { return nil }
        let byte = try inSet()
        return byte == Self.backslash ? try inSet() : byte
    }

    /// The members of a class such as `[:alpha:]`, behind its `[`; nil when it is none, and the bracket a member.
    private mutating func classMembers() throws(PatternProblem) -> ByteSet? {
        let start = position + 1
        guard position < text.count, text[position] == UInt8(ascii: ":"),
            let end = text[start...].firstIndex(of: Self.closing), end > start, text[end - 1] == UInt8(ascii: ":")
        else { return nil }
        let name = text[start..<(end - 1)]
        guard let members = ByteSet.named(name) else {
            throw PatternProblem(
                "it names a class of bytes that does not exist, and matches nothing",
                hint: "there are alnum, alpha, blank, cntrl, digit, graph, lower, print, punct, space, upper, xdigit")
        }
        position = end + 1
        return members
    }
}
