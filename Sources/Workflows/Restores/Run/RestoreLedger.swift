import DataSources
import Platform

/// The outcome of a restore while several threads work on it.
final class RestoreLedger: @unchecked Sendable {
    private let lock = Lock()
    private var outcome = RestoreOutcome()
    private let target: String

    /// Counts for a restore into `target`, as a person reads it.
    init(target: [UInt8]) { self.target = printable(target) }

    func count(_ change: (inout RestoreOutcome) -> Void) { lock.locked { change(&outcome) } }
    var current: RestoreOutcome { lock.locked { outcome } }

    /// Notes an item that could not be restored; rethrows what would stop every other one too.
    func miss(_ object: String, _ error: any Error) throws {
        let failure = Failure(error)
        let ends: [Int32] = [28, 122, 30, 5]  // ENOSPC, EDQUOT, EROFS, EIO
        switch failure.kind {
        case .damaged, .failed, .refused, .incomplete:
            if let code = failure.systemError, ends.contains(code) {
                throw failure.within("the restore into \(target) stopped")
            }
        default: throw failure
        }
        count { outcome in
            outcome.missing.append(Finding(.missing, object, failure.description))
            if failure.kind == .damaged { outcome.isDamaged = true }
        }
    }
}
