import Reading

extension Difference {
    /// The change, the path and the properties that differ, as tests compare them.
    var line: String {
        let properties = properties.map(\.rawValue).joined(separator: ",")
        return "\(change.rawValue) \(String(decoding: path, as: UTF8.self)) \(properties)"
    }
}
