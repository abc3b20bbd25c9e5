import CLinux

/// What the kernel allows this process; set once, at the start.
package enum ProcessLimits {
    /// Makes sure that no core file of this process, with keys in it, reaches a disk. Answers whether it could.
    @discardableResult
    package static func disableCoreDumps() -> Bool { linux_disable_core_dumps() == 0 }

    /// Sees to it that a standard stream that is closed stays unusable: else the next file that is opened would take
    /// its place, and be read or written as if it were the stream. Answers whether it could.
    @discardableResult
    package static func reserveStandardStreams() -> Bool { linux_reserve_standard_streams() == 0 }

    /// Raises the limit of open files as far as the system allows, at most to `wanted`; answers the limit in force.
    @discardableResult
    package static func raiseOpenFiles(to wanted: Int) -> Int { Int(linux_raise_open_files(Int64(wanted))) }

    /// Lets the memory of large runs of bytes go back to the kernel when it is given up. Left to itself the C library
    /// learns from the first large run to keep all of them, and several threads take twice what they use.
    @discardableResult
    package static func returnFreedMemory() -> Bool { linux_return_freed_memory(1 << 20) == 0 }
}
