import CLinux

/// The number of a device file, as the kernel packs it.
package enum DeviceNumber {
    /// Major and minor number: `8, 1`.
    package static func text(_ number: UInt64) -> String {
        "\(linux_device_major(number)), \(linux_device_minor(number))"
    }
}
