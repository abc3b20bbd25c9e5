import CLinux
import Glibc

extension FileDescriptor {
    /// Where the first byte of data is at or after `offset`; nil when only a hole follows.
    package func nextData(from offset: UInt64) throws(Failure) -> UInt64? {
        let descriptor = number
        do throws(Failure) {
            return UInt64(
                try call("look for data in", FileDescriptor.name(of: descriptor)) {
                    linux_seek_data(descriptor, Int64(offset))
                })
        } catch {
            if error.systemError == ENXIO { return nil }
            throw error
        }
    }

    /// Where the first hole is at or after `offset`; the end of the file counts as one.
    package func nextHole(from offset: UInt64) throws(Failure) -> UInt64 {
        let descriptor = number
        return UInt64(
            try call("look for holes in", FileDescriptor.name(of: descriptor)) {
                linux_seek_hole(descriptor, Int64(offset))
            })
    }
}
