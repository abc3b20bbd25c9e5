import Entries
import Formats
import Platform
import Reading

/// What a command line of `find` asks for.
struct FindRequest {
    let criteria: SearchCriteria
    /// Where to look; everywhere when empty.
    let items: [ItemAddress]
    let filter: SnapshotFilter
    let firstOnly: Bool

    /// Reads the operands and options.
    init(_ context: CommandContext) throws {
        let arguments = context.arguments
        var criteria = SearchCriteria()
        criteria.patterns = PathPatterns(
            try arguments.operands.map {
                try Self.pattern($0, ignoringCase: arguments.isOn(FindCommand.ignoreCase))
            })
        criteria.kinds = Set(try arguments.texts(FindCommand.type).flatMap(Self.kinds))
        criteria.newer = try Self.instant(FindCommand.newer, arguments)
        criteria.older = try Self.instant(FindCommand.older, arguments)
        criteria.larger = try Self.size(FindCommand.larger, arguments)
        criteria.smaller = try Self.size(FindCommand.smaller, arguments)
        criteria.digest = try Self.digest(arguments)
        let options = [
            FindCommand.type, FindCommand.newer, FindCommand.older, FindCommand.larger, FindCommand.smaller,
            FindCommand.sha256,
        ]
        guard !arguments.operands.isEmpty || options.contains(where: arguments.isOn) else {
            throw Failure(.usage, "`salvor find` needs a PATTERN, or an option that says what to look for")
        }
        self.criteria = criteria
        items = try arguments.allBytes(FindCommand.inside).map { try ItemAddress.parse($0) }
        filter = try SnapshotOptions.filter(context)
        firstOnly = arguments.isOn(FindCommand.first)
    }

    private static func pattern(_ word: [UInt8], ignoringCase: Bool) throws(Failure) -> PathPattern {
        // In a list a ! in front takes something out again: here there is nothing to be taken out of.
        let text = word.first == UInt8(ascii: "!") ? [UInt8(ascii: "\\")] + word : word
        do throws(PatternProblem) { return try PathPattern(text, ignoringCase: ignoringCase) } catch {
            throw Failure(
                .usage, "`\(printable(word))` cannot be searched for: \(error.sentence)", hint: error.hint)
        }
    }

    private static func kinds(_ word: String) -> [Entry.Kind] {
        if word == "device" { return [.characterDevice, .blockDevice] }
        return Entry.Kind.allCases.filter { EntryListing.kind($0) == word }
    }

    private static func instant(
        _ option: OptionSpecification, _ arguments: ParsedArguments
    ) throws(Failure) -> Instant? {
        guard let text = try arguments.text(option) else { return nil }
        guard let (seconds, nanoseconds) = Timestamp.parse(text) ?? Timestamp.parse(text + "T00:00:00Z") else {
            throw Failure(
                .usage, "\(option.name) \(text): an instant is needed",
                hint: "such as 2026-11-21 (its beginning in UTC) or 2026-11-21T22:30:00+01:00")
        }
        return Instant(seconds: seconds, nanoseconds: nanoseconds)
    }

    private static func size(_ option: OptionSpecification, _ arguments: ParsedArguments) throws(Failure) -> UInt64? {
        guard let text = try arguments.text(option) else { return nil }
        guard let bytes = Quantity.bytes(text) else {
            throw Failure(.usage, "\(option.name) \(text): a size is needed", hint: "such as 512, 10k, 1.5GiB or 700MB")
        }
        return bytes
    }

    private static func digest(_ arguments: ParsedArguments) throws(Failure) -> [UInt8]? {
        guard let text = try arguments.text(FindCommand.sha256) else { return nil }
        guard let bytes = Hexadecimal.bytes(text.lowercased()), bytes.count == 32 else {
            throw Failure(
                .usage, "\(FindCommand.sha256.name) \(text): 64 hexadecimal digits are needed",
                hint: "as `sha256sum` prints them")
        }
        return bytes
    }
}
