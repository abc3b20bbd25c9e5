import Formats
import Platform
import Reports
import Repositories

/// The evidence of drills in a repository, found by when it was made or by the drill's identifier.
struct StoredReports {
    private let evidence: [SnapshotRecord]
    private let reader: ChunkReader

    /// Takes the evidence records of a repository.
    init(_ evidence: [SnapshotRecord], in repository: Repository) throws {
        self.evidence = evidence
        reader = ChunkReader(repository, index: try repository.loadIndex())
    }

    /// The stored report that an address means. Digits are those of the drill, as its report shows them.
    func report(_ address: SnapshotAddress, filter: SnapshotFilter) throws -> JSONValue {
        switch address {
        case .latest:
            let identifier = try address.choose(among: evidence.map(facts), filter: filter, noun: .drill)
            guard let record = evidence.first(where: { $0.identifier == identifier }) else {
                throw Failure(.failed, "there is no drill \(identifier)")
            }
            return try value(record)
        case .prefix:
            let reports = try evidence.map { ($0, try value($0)) }
            let named = reports.map { record, value in
                var facts = facts(record)
                facts.identifier = value["id"]?.text ?? record.identifier
                return (facts, value)
            }
            let identifier = try address.choose(among: named.map(\.0), filter: filter, noun: .drill)
            guard let found = named.first(where: { $0.0.identifier == identifier }) else {
                throw Failure(.failed, "there is no drill \(identifier)")
            }
            return found.1
        }
    }

    private func facts(_ record: SnapshotRecord) -> SnapshotFacts {
        SnapshotFacts(
            identifier: record.identifier, system: record.system, host: record.host, tags: record.tags,
            dataTime: record.committedBy)
    }

    private func value(_ record: SnapshotRecord) throws -> JSONValue {
        let object = "the report in the record \(record.shortIdentifier)"
        guard let content = record.report else { throw Failure(.damaged, "\(object) is not there") }
        let bytes = try reader.whole(content, object: object)
        do { return try JSONParser.parse(bytes) } catch {
            throw Failure(.damaged, "\(object) is damaged", cause: error.sentence)
        }
    }
}
