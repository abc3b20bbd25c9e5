import CLinux
import Glibc

/// The kernel's random generator.
package struct SystemRandomness: Randomness {
    /// Makes the generator; it has no state.
    package init() {}

    package func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let from = done
            let got = unsafe bytes.withUnsafeMutableBytes { unsafe getrandom($0.baseAddress! + from, count - from, 0) }
            if got < 0 {
                precondition(errno == EINTR, "the kernel gives no randomness")
                continue
            }
            done += got
        }
        return bytes
    }
}
