import DataSources
import Reports

/// Brings what was read from standard input back as the file that it is in the snapshot: the way of any other file.
final class StandardInputRecovery: SourceRecovery {
    static let adapter = StandardInputAdapter.name
    private let file: FilesRecovery
    private let name: String

    init(_ order: RecoveryOrder) {
        file = FilesRecovery(order)
        name = order.source.name
    }

    func provision() { file.provision() }
    func load() throws -> RecoveredContent { try file.load() }
    func settle() { file.settle() }
    func start() { file.start() }
    func shutDown() { file.shutDown() }

    var place: CheckSubject.Place { file.place }
    var databases: [StagedDatabase] { [] }
    var level: EvidenceLevel { file.level }
    var conditions: [Report.Fact] { [] }
    var notTested: [String] { ["what \(name) is good for: its bytes came back, and nobody read them"] }
}
