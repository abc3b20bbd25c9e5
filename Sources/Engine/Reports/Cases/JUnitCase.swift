/// One test case of a drill.
struct JUnitCase: Sendable {
    /// What is wrong with it.
    struct Trouble: Sendable {
        enum Kind: Sendable {
            /// It was tried, and the answer is no.
            case failure
            /// It could not be tried.
            case error
        }

        var kind: Kind
        /// One word for filters: `mismatch`, `rto`.
        var type: String
        var message: String
        /// What a person needs to know: some boards show nothing else.
        var lines: [String]
    }

    var name: String
    var seconds = 0.0
    var trouble: Trouble?
    /// What is told of a case that is in no trouble.
    var output: [String] = []
}
