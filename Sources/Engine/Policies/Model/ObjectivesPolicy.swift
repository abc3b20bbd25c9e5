/// What was promised. Never a measurement.
package struct ObjectivesPolicy: Sendable, Equatable {
    /// Recovery point objective: the longest stretch of data that may be lost, seconds.
    package var rpoSeconds: Double?
    /// Recovery time objective: the longest time that the recovery may take, seconds.
    package var rtoSeconds: Double?

    /// Promises what is given, and nothing else.
    package init(rpoSeconds: Double? = nil, rtoSeconds: Double? = nil) {
        self.rpoSeconds = rpoSeconds
        self.rtoSeconds = rtoSeconds
    }
}
