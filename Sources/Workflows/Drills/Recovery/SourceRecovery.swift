import Platform
import Reports

/// How one source is brought back in staging; one object a source, used by one thread, called in the order of the
/// members below. `shutDown` is called whatever happened before, once.
protocol SourceRecovery: AnyObject, SendableMetatype {
    /// The adapter whose sources it brings back.
    static var adapter: String { get }

    /// Prepares the recovery of what `order` names; touches nothing yet.
    init(_ order: RecoveryOrder)

    /// Makes what the load needs: directories, a server that runs empty.
    func provision() throws
    /// Fetches the content and puts it there.
    func load() throws -> RecoveredContent
    /// Lets the engine bring what was loaded into order, and to the device.
    func settle() throws
    /// Starts the engine on what was loaded and waits for its answer.
    func start() throws
    /// Ends what runs. What it left is removed with the area.
    func shutDown()

    /// Where the source came back to, once it is loaded.
    var place: CheckSubject.Place { get throws }
    /// Its databases, each with the address that leads to it; empty for anything else.
    var databases: [StagedDatabase] { get }
    /// The level of evidence that is reached when `start` has returned.
    var level: EvidenceLevel { get }
    /// What a report says about how it was brought back.
    var conditions: [Report.Fact] { get }
    /// What the drill does not show about it, in sentences.
    var notTested: [String] { get }
}
