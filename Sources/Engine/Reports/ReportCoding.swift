import Formats
import Platform

/// A report as a JSON value, schema `salvor.<kind>/1`, and back without loss.
///
/// Every key is always there, null where it does not apply. Instants are RFC 3339 in UTC, durations are seconds, sizes
/// are bytes. A key may be added under the same schema; none changes its meaning or goes away.
package enum ReportCoding {
    /// The JSON value of a report.
    package static func value(of report: Report) -> JSONValue {
        [
            "type": "result",
            "schema": .string("salvor.\(report.kind)/1"),
            "exit": JSONValue(report.exitCode),
            "reasons": texts(report.reasons),
            "id": .string(report.identifier),
            "system": .string(report.system),
            "verdict": .string(report.verdict),
            "summary": .string(report.summary),
            "evidenceLevel": JSONValue(report.evidenceLevel),
            "started": instant(report.started),
            "ended": instant(report.ended),
            "policy": ReportMarks.value(report.policy),
            "snapshot": ReportMarks.value(report.snapshot),
            "selection": .string(report.selection),
            "measured": [
                "recoverySeconds": JSONValue(report.measuredRecoverySeconds),
                "dataLossSeconds": JSONValue(report.dataLossWindowSeconds),
            ],
            "objectives": ReportMarks.value(report.objectives),
            "phases": .array(report.phases.map(value)),
            "checks": .array(report.checks.map(value)),
            "proofs": .array(report.proofs.map(ReportMarks.value)),
            "sources": .array(report.sources.map(ReportMarks.value)),
            "findings": .array(
                report.findings.map { ["object": .string($0.object), "sentence": .string($0.sentence)] }),
            "largest": .array(
                report.largest.map {
                    [
                        "name": .string($0.name), "seconds": JSONValue(Optional($0.seconds)),
                        "bytes": JSONValue($0.bytes),
                    ]
                }),
            "conditions": .array(
                report.conditions.map {
                    ["key": .string($0.key), "label": .string($0.label), "value": .string($0.value)]
                }),
            "notTested": texts(report.notTested),
            "remedies": .array(report.remedies.map(ReportMarks.value)),
            "leftovers": texts(report.leftovers),
            "teardown": .string(report.teardown),
            "previous": JSONValue(report.previous),
        ]
    }

    /// The report that a JSON value holds; throws, naming the key, when it is none.
    package static func report(from value: JSONValue) throws(Failure) -> Report {
        let top = ReportReader(value, path: "")
        let schema = try top.text("schema")
        guard schema.hasPrefix("salvor."), schema.hasSuffix("/1") else {
            throw Failure(
                .failed, "the report has the schema \(printable(Array(schema.utf8))), which this version cannot read",
                hint: "a newer salvor wrote it: use that one")
        }
        var report = Report(
            kind: String(schema.dropFirst("salvor.".count).dropLast(2)), system: try top.text("system"),
            identifier: try top.text("id"), started: try top.instant("started"))
        report.ended = try top.instant("ended")
        report.exitCode = try top.number("exit")
        report.reasons = try top.texts("reasons")
        report.verdict = try top.text("verdict")
        report.summary = try top.text("summary")
        report.evidenceLevel = try top.optionalText("evidenceLevel")
        let measured = try top.member("measured")
        report.measuredRecoverySeconds = try measured.optionalReal("recoverySeconds")
        report.dataLossWindowSeconds = try measured.optionalReal("dataLossSeconds")
        try ReportMarks.read(top, into: &report)
        report.phases = try top.list("phases").map(phase)
        report.checks = try top.list("checks").map(check)
        report.findings = try top.list("findings").map { item throws(Failure) in
            Report.Remark(try item.text("object"), try item.text("sentence"))
        }
        report.largest = try top.list("largest").map { item throws(Failure) in
            Report.Measure(
                try item.text("name"), seconds: try item.real("seconds"), bytes: try item.number("bytes"))
        }
        report.conditions = try top.list("conditions").map { item throws(Failure) in
            Report.Fact(try item.text("key"), try item.text("label"), try item.text("value"))
        }
        report.notTested = try top.texts("notTested")
        report.leftovers = try top.texts("leftovers")
        return report
    }

    private static func value(_ phase: Report.Phase) -> JSONValue {
        [
            "name": .string(phase.name),
            "seconds": JSONValue(Optional(phase.shareSeconds)),
            "counted": .bool(phase.counted),
            "bytes": phase.bytes.map { JSONValue($0) } ?? .null,
            "note": .string(phase.note),
        ]
    }

    private static func phase(_ item: ReportReader) throws(Failure) -> Report.Phase {
        Report.Phase(
            try item.text("name"), shareSeconds: try item.real("seconds"), counted: try item.flag("counted"),
            bytes: try item.optionalNumber("bytes"), note: try item.text("note"))
    }

    private static func value(_ check: Report.Check) -> JSONValue {
        [
            "id": .string(check.identifier),
            "type": .string(check.type),
            "source": .string(check.source),
            "result": .string(check.result.rawValue),
            "gating": .bool(check.gating),
            "seconds": JSONValue(Optional(check.seconds)),
            "compared": JSONValue(check.compared),
            "expected": .string(check.expected),
            "expectedFrom": .string(check.origin),
            "actual": .string(check.actual),
            "detail": .string(check.detail),
            "differing": texts(check.differing),
        ]
    }

    private static func check(_ item: ReportReader) throws(Failure) -> Report.Check {
        let word = try item.text("result")
        guard let result = Report.Check.Result(rawValue: word) else { throw item.problem("result", "an unknown word") }
        return Report.Check(
            try item.text("id"), source: try item.text("source"), result: result, gating: try item.flag("gating"),
            seconds: try item.real("seconds"), detail: try item.text("detail"),
            type: try item.text("type"), expected: try item.text("expected"), origin: try item.text("expectedFrom"),
            actual: try item.text("actual"),
            differing: try item.texts("differing"),
            compared: try item.number("compared"))
    }

    static func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }

    static func instant(_ instant: Instant) -> JSONValue {
        .string(Timestamp.string(seconds: instant.seconds, nanoseconds: instant.nanoseconds))
    }
}
