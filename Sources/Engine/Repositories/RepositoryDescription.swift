import Formats
import Platform
import Storage

/// `salvor.json`: what this folder is, in clear text.
struct RepositoryDescription: Sendable, Equatable {
    static let name = ObjectName(known: "salvor.json")

    /// The repository's 16 random bytes.
    let id: [UInt8]
    /// The object as it lies in the store.
    let bytes: [UInt8]

    /// Describes a new repository.
    init(id: [UInt8]) {
        self.id = id
        let json: JSONValue = ["magic": "salvor repository", "format": 1, "id": .string(Hexadecimal.string(id))]
        bytes = JSONWriter.bytes(json) + [0x0a]
    }

    /// Reads the object.
    init(_ raw: [UInt8]) throws {
        let problem = Failure(.damaged, "salvor.json does not describe a repository")
        guard let json = try? JSONParser.parse(raw), json["magic"]?.text == "salvor repository" else { throw problem }
        guard let format = json["format"]?.whole else { throw problem }
        guard format == 1 else {
            throw Failure(
                .failed, "the repository has format \(format), and this salvor knows format 1",
                hint: "use a newer salvor")
        }
        guard let id = json["id"]?.text.flatMap({ Hexadecimal.bytes($0) }), id.count == 16 else { throw problem }
        self.id = id
        bytes = raw
    }
}
