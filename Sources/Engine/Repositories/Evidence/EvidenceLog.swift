import Formats
import Platform
import Sealing

/// The evidence of drills in a repository.
package struct EvidenceLog {
    /// The records, oldest first.
    package let records: [SnapshotRecord]
    private let repository: Repository
    private let reader: ChunkReader

    /// Takes the evidence among `records`.
    package init(_ records: [SnapshotRecord], in repository: Repository, index: ChunkIndex) {
        self.records = records.filter { $0.kind == .evidence }
            .sorted { ($0.committedBy, $0.identifier) < ($1.committedBy, $1.identifier) }
        self.repository = repository
        reader = ChunkReader(repository, index: index)
    }

    /// Reads one piece. Throws `.damaged` for one that is not whole.
    package func read(_ record: SnapshotRecord) throws -> Evidence {
        let object = "the report in the record \(record.shortIdentifier)"
        guard let content = record.report else { throw Failure(.damaged, "\(object) is not there") }
        let bytes = try reader.whole(content, object: object)
        let digest = Digest.sha256(bytes.span)
        let report: JSONValue
        do { report = try JSONParser.parse(bytes) } catch {
            throw Failure(.damaged, "\(object) is damaged", cause: error.sentence)
        }
        return Evidence(
            record: record, report: report, digest: Hexadecimal.string(digest),
            signature: repository.signing(of: record, report: digest))
    }

    /// The newest piece of a system that can be read, and is not forged; nil for none.
    package func newest(of system: String) -> Evidence? {
        for record in records.reversed() where record.system == system {
            if let evidence = try? read(record), evidence.signature != .forged { return evidence }
        }
        return nil
    }
}

extension Repository {
    /// The upkeep key's signature of evidence whose report has this SHA-256; nil when this password does not hold the
    /// key.
    func signature(of record: SnapshotRecord, report digest: [UInt8]) -> [UInt8]? {
        guard let key = try? sealer.keys.key(.upkeep) else { return nil }
        return Signature.sign(evidenceMessage(record, digest), with: key)
    }

    /// How the signature of evidence stands.
    func signing(of record: SnapshotRecord, report digest: [UInt8]) -> Evidence.Signing {
        guard let signature = record.signature else { return .unsigned }
        return isUpkeepSignature(signature, of: evidenceMessage(record, digest)) ? .signed : .forged
    }

    /// What is signed: this repository, this record, the snapshot that was drilled, and the report.
    private func evidenceMessage(_ record: SnapshotRecord, _ digest: [UInt8]) -> [UInt8] {
        Array("salvor evidence 1".utf8) + sealer.repositoryID + record.session
            + (record.drilled ?? [UInt8](repeating: 0, count: 16)) + digest
    }
}
