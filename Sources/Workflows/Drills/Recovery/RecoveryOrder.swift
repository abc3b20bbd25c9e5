import Platform

/// What one source's recovery needs to know.
struct RecoveryOrder {
    let source: DrilledSource
    let snapshot: DrilledSnapshot
    /// The source's place among all, from 0: names in staging are made of it.
    let number: Int
    let area: StagingArea
    /// The user that servers run as; nil for ourselves.
    let user: StagingUser?
    let options: DrillOptions
    let clock: any Clock
    let cancellation: any Cancellation
}
