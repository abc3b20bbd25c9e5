import Platform
import Testing

@Suite("Paged bytes")
struct PagedBytesTests {
    @Test("grow by zeros, keep what was written, and are zeros again behind what was cut off")
    func growth() {
        var bytes = PagedBytes()
        #expect(bytes.count == 0)
        let none = unsafe bytes.withBytes { $0.count }
        #expect(none == 0)
        for round in 1...200 {
            bytes.appendZeros(4097)
            #expect(bytes.count == round * 4097)
            unsafe bytes.change { all in
                unsafe #expect(all[(round - 1) * 4097..<round * 4097].allSatisfy { $0 == 0 })
                unsafe all[round * 4097 - 1] = UInt8(round)
            }
        }
        for kept in [200, 100, 17, 16] {
            bytes.truncate(to: kept * 4097)
            unsafe bytes.withBytes { all in
                for round in 1...kept { unsafe #expect(all[round * 4097 - 1] == UInt8(round)) }
            }
            bytes.appendZeros(4097 * 20)
            unsafe bytes.withBytes { unsafe #expect($0[(kept * 4097)...].allSatisfy { $0 == 0 }) }
        }
        bytes.truncate(to: 0)
        bytes.appendZeros(10)
        unsafe bytes.withBytes { unsafe #expect(Array($0) == [UInt8](repeating: 0, count: 10)) }
    }
}
