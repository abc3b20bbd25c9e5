import Platform

/// Every way to bring a source back in staging, by its adapter.
enum RecoveryCatalog {
    static let all: [any SourceRecovery.Type] = [
        FilesRecovery.self,
        StandardInputRecovery.self,
        PostgresRecovery.self,
    ]

    /// The recovery of one source; throws `.unverifiable` for an adapter that this version does not know.
    static func recovery(of order: RecoveryOrder) throws(Failure) -> any SourceRecovery {
        guard let type = all.first(where: { $0.adapter == order.source.adapter }) else {
            throw Failure(
                .unverifiable,
                "\(order.source.name) was saved by the adapter \(order.source.adapter), unknown to this salvor",
                hint: "use a newer salvor")
        }
        return type.init(order)
    }
}
