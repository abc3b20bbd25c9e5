extension Span where Element == UInt8 {
    /// Whether every byte is zero, as in a hole.
    package var isZero: Bool {
        unsafe withUnsafeBytes { bytes in
            let words = bytes.count / 8
            for index in 0..<words where unsafe bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) != 0 {
                return false
            }
            return unsafe bytes[(words * 8)...].allSatisfy { $0 == 0 }
        }
    }
}
