import DataSources
import Entries
import Formats
import Platform
import Reading

/// A difference as `diff` shows it.
enum DifferenceListing {
    /// `M shop/index.html`, and behind it what else a reader must know.
    static func line(_ difference: Difference) -> String {
        let line = "\(letter(difference.change)) \(printable(difference.path))"
        switch difference.change {
        case .added, .removed, .content: return line
        case .kind:
            guard let old = difference.old, let new = difference.new else { return line }
            return "\(line) (\(old.kind.words) → \(new.kind.words))"
        case .metadata: return "\(line) (\(difference.properties.map(words).joined(separator: ", ")))"
        }
    }

    /// All that is known of a difference.
    static func members(_ difference: Difference) -> [JSONValue.Member] {
        JSONShapes.path(difference.path) + [
            .init("change", .string(difference.change.rawValue)),
            .init("properties", .array(difference.properties.map { .string($0.rawValue) })),
            .init("old", difference.old.map { .object(EntryListing.members($0)) } ?? .null),
            .init("new", difference.new.map { .object(EntryListing.members($0)) } ?? .null),
        ]
    }

    /// All differences in a sentence: `3 added (1.2 MiB), 1 removed (17 B), 2 with other content (4.0 KiB)`.
    static func summary(_ outcome: ComparisonOutcome) -> String {
        let parts: [(count: Int, words: String)] = [
            (outcome.count(.added), "added (\(Quantity.bytes(outcome.bytesAdded)))"),
            (outcome.count(.removed), "removed (\(Quantity.bytes(outcome.bytesRemoved)))"),
            (outcome.count(.content), "with other content (\(Quantity.bytes(outcome.bytesChanged)))"),
            (outcome.count(.kind), "of another kind"),
            (outcome.count(.metadata), "with other metadata only"),
        ]
        let told = parts.filter { $0.count > 0 }.map { "\(Quantity.count($0.count)) \($0.words)" }
        return told.isEmpty ? "no differences" : told.joined(separator: ", ")
    }

    private static func letter(_ change: Difference.Change) -> String {
        switch change {
        case .added: "+"
        case .removed: "-"
        case .content: "M"
        case .kind: "T"
        case .metadata: "U"
        }
    }

    private static func words(_ property: EntryProperty) -> String {
        switch property {
        case .specialDevice: "device number"
        case .userName: "user's name"
        case .groupName: "group's name"
        case .inodeFlags: "inode flags"
        default: property.rawValue
        }
    }
}
