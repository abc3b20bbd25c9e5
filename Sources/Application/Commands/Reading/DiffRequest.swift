import Platform
import Reading

/// What a command line of `diff` asks for.
struct DiffRequest {
    /// The new side: an item of a snapshot, or an absolute path on disk.
    enum Place {
        case item(ItemAddress)
        case disk([UInt8])
    }

    let old: ItemAddress
    let new: Place
    let filter: SnapshotFilter
    let options: ComparisonOptions

    /// Reads the operands and options.
    init(_ context: CommandContext) throws {
        let words = context.arguments.operands
        guard !Self.isPath(words[0]) else {
            throw Failure(
                .usage, "`\(printable(words[0]))` is a path: only the second operand can be on disk",
                hint: "salvor diff SNAPSHOT:NAME \(printable(words[0]))")
        }
        old = try ItemAddress.parse(words[0])
        new = Self.isPath(words[1]) ? .disk(try context.absolute(words[1])) : .item(try ItemAddress.parse(words[1]))
        filter = try SnapshotOptions.filter(context)
        var options = ComparisonOptions()
        options.comparesMetadata = context.arguments.isOn(DiffCommand.metadata)
        options.readsData = context.arguments.isOn(DiffCommand.readData)
        // What is told in full must be known in full.
        options.readsAttributes = options.comparesMetadata || context.output.isJSON
        self.options = options
    }

    /// Whether a word is a path on disk. No snapshot begins like one.
    private static func isPath(_ word: [UInt8]) -> Bool {
        word == Array(".".utf8) || word == Array("..".utf8)
            || ["/", "./", "../"].contains { word.starts(with: $0.utf8) }
    }
}
