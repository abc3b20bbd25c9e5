import Formats
import Platform

/// What `Report+Marks` holds, as JSON and back.
enum ReportMarks {
    static func value(_ mark: Report.PolicyMark?) -> JSONValue {
        mark.map { ["name": .string($0.name), "sha256": .string($0.digest)] } ?? .null
    }

    static func value(_ mark: Report.SnapshotMark?) -> JSONValue {
        guard let mark else { return .null }
        return [
            "id": .string(mark.identifier),
            "dataTime": ReportCoding.instant(mark.dataTime),
            "committed": ReportCoding.instant(mark.committed),
        ]
    }

    static func value(_ objectives: Report.Objectives) -> JSONValue {
        [
            "rtoSeconds": JSONValue(objectives.recoveryTimeSeconds),
            "rpoSeconds": JSONValue(objectives.recoveryPointSeconds),
            "rtoMet": objectives.recoveryTimeMet.map { .bool($0) } ?? .null,
            "rpoMet": objectives.recoveryPointMet.map { .bool($0) } ?? .null,
        ]
    }

    static func value(_ proof: Report.Proof) -> JSONValue {
        [
            "damage": .string(proof.damage),
            "source": .string(proof.source),
            "object": .string(proof.object),
            "caughtBy": ReportCoding.texts(proof.caughtBy),
            "blind": ReportCoding.texts(proof.blind),
        ]
    }

    static func value(_ mark: Report.SourceMark) -> JSONValue {
        [
            "name": .string(mark.name),
            "adapter": .string(mark.adapter),
            "bytes": JSONValue(mark.bytes),
            "items": JSONValue(mark.items),
            "evidenceLevel": .string(mark.evidenceLevel),
        ]
    }

    static func value(_ remedy: Report.Remedy) -> JSONValue {
        [
            "sentence": .string(remedy.sentence),
            "ground": .string(remedy.ground),
            "minutesSaved": JSONValue(remedy.minutesSaved),
        ]
    }

    /// Reads all of them into `report`.
    static func read(_ top: ReportReader, into report: inout Report) throws(Failure) {
        report.selection = try top.text("selection")
        report.teardown = try top.text("teardown")
        report.previous = try top.optionalText("previous")
        if let mark = try top.optionalMember("policy") {
            report.policy = Report.PolicyMark(name: try mark.text("name"), digest: try mark.text("sha256"))
        }
        if let mark = try top.optionalMember("snapshot") {
            report.snapshot = Report.SnapshotMark(
                try mark.text("id"), dataTime: try mark.instant("dataTime"), committed: try mark.instant("committed"))
        }
        let objectives = try top.member("objectives")
        report.objectives.recoveryTimeSeconds = try objectives.optionalReal("rtoSeconds")
        report.objectives.recoveryPointSeconds = try objectives.optionalReal("rpoSeconds")
        report.objectives.recoveryTimeMet = try objectives.optionalFlag("rtoMet")
        report.objectives.recoveryPointMet = try objectives.optionalFlag("rpoMet")
        report.proofs = try top.list("proofs").map { item throws(Failure) in
            Report.Proof(
                try item.text("damage"), source: try item.text("source"), object: try item.text("object"),
                caughtBy: try item.texts("caughtBy"), blind: try item.texts("blind"))
        }
        report.sources = try top.list("sources").map { item throws(Failure) in
            Report.SourceMark(
                try item.text("name"), adapter: try item.text("adapter"), bytes: try item.number("bytes"),
                items: try item.number("items"), evidenceLevel: try item.text("evidenceLevel"))
        }
        report.remedies = try top.list("remedies").map { item throws(Failure) in
            Report.Remedy(
                try item.text("sentence"), ground: try item.text("ground"),
                minutesSaved: try item.optionalReal("minutesSaved"))
        }
    }
}
