import Platform

/// What an adapter gets for one capture.
package struct CaptureContext: Sendable {
    /// 16 secret bytes for the row hashes of this repository: the same every night.
    package var rowHashKey: [UInt8]
    /// How many contents the sink reads at the same time; an adapter need not prepare for more.
    package var readers: Int
    package var clock: any Clock

    /// Makes a context.
    package init(rowHashKey: [UInt8], readers: Int, clock: any Clock) {
        self.rowHashKey = rowHashKey
        self.readers = readers
        self.clock = clock
    }
}
