import CLinux

/// The number of a device file, as the kernel packs it.
package enum DeviceNumber {
    /// Major and minor number: `8, 1`.
    package static func text(_ number: UInt64) -> String {
        "\(major(number)), \(minor(number))"
    }

    /// Which driver answers for it.
    package static func major(_ number: UInt64) -> UInt32 { linux_device_major(number) }
    /// Which of the driver's devices it is.
    package static func minor(_ number: UInt64) -> UInt32 { linux_device_minor(number) }
}
