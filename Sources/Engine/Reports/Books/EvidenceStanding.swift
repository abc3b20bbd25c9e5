import Platform

/// How far a stored report can be trusted. What nobody looked at is nil.
package struct EvidenceStanding: Sendable, Equatable {
    /// Whether the repository's key vouches for the report.
    package enum Signature: Sendable, Equatable {
        /// Signed, and the signature holds; by which key, where that is known.
        case signed(by: String?)
        case unsigned
        case wrong
    }

    /// Whether the report before this one is where this one says.
    package enum Chain: Sendable, Equatable {
        /// This one names none before it, and there is none.
        case first
        /// This one names none before it, although there are older ones.
        case cutOff
        /// This one names none before it: the older ones were committed while its drill ran already.
        case forked
        case linked
        case broken
    }

    /// The SHA-256 of the stored document, 64 hexadecimal digits.
    package var digest: String
    package var signature: Signature?
    package var chain: Chain?

    /// Makes a standing.
    package init(digest: String, signature: Signature? = nil, chain: Chain? = nil) {
        self.digest = digest
        self.signature = signature
        self.chain = chain
    }

    /// The standing of a report that names `previous` before it, in a repository that holds reports of these digests.
    ///
    /// `older` are the instants at which the older reports of the same system were committed; the drill began at
    /// `started`.
    package init(
        digest: String, previous: String?, among digests: Set<String>, older: [Instant], started: Instant,
        signature: Signature? = nil
    ) {
        let chain: Chain =
            if let previous {
                digests.contains(previous) ? .linked : .broken
            } else if older.isEmpty {
                .first
            } else {
                older.contains { $0 < started } ? .cutOff : .forked
            }
        self.init(digest: digest, signature: signature, chain: chain)
    }

    /// What speaks against the report, in sentences; empty when nothing does.
    package var alarms: [String] {
        var alarms: [String] = []
        if signature == .wrong { alarms.append("the signature is wrong: this is not what was signed") }
        if chain == .broken { alarms.append("the report that this one names before it is not in the repository") }
        if chain == .cutOff { alarms.append("it names no report before it, although there are older ones") }
        return alarms
    }
}
