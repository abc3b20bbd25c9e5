import CLinux
import Glibc

/// What the kernel tells about running processes, whoever started them (proc(5)).
package enum ProcessTable {
    /// The numbers of all processes that are running now.
    package static func identifiers() -> [Int32] {
        guard let directory = try? Directory(Array("/proc".utf8)), let names = try? directory.names() else { return [] }
        return names.compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }

    /// When a process started, in clock ticks since the machine did; nil when it is gone, or dead and not waited for.
    /// With the machine's boot identifier this tells a process from a later one of the same number.
    package static func startTime(of identifier: Int32) -> UInt64? {
        guard let text = try? FileTree.read(Array("/proc/\(identifier)/stat".utf8), limit: 4096),
            let end = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        // The program's name, in parentheses, may hold anything; what follows it is words: state is the 3rd field of
        // all.
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, ![UInt8(ascii: "Z"), UInt8(ascii: "X")].contains(fields[0].first) else { return nil }
        return UInt64(String(decoding: fields[19], as: UTF8.self))
    }

    /// A process's working directory; nil when it is gone or not ours to look at.
    package static func workingDirectory(of identifier: Int32) -> [UInt8]? {
        try? targetOfLink(Array("/proc/\(identifier)/cwd".utf8))
    }

    /// The file that a process runs; nil when it is gone or not ours to look at.
    package static func program(of identifier: Int32) -> [UInt8]? {
        try? targetOfLink(Array("/proc/\(identifier)/exe".utf8))
    }

    /// Whether a process was started with `variable` (`NAME=value`) in its environment.
    package static func environment(of identifier: Int32, holds variable: String) -> Bool {
        guard let text = try? FileTree.read(Array("/proc/\(identifier)/environ".utf8), limit: 4 << 20) else {
            return false
        }
        return text.split(separator: 0).contains { $0.elementsEqual(variable.utf8) }
    }

    /// The identifier of the machine's present boot; empty when the kernel does not tell.
    package static func bootIdentifier() -> String {
        let text = (try? FileTree.read(Array("/proc/sys/kernel/random/boot_id".utf8), limit: 128)) ?? []
        return String(decoding: text.prefix { $0 > 0x20 }, as: UTF8.self)
    }

    /// Sends a signal to a process for which `condition` holds; false when it is gone or the condition does not hold.
    /// The process is held fast while the condition is looked at, so that the signal cannot reach a later one of the
    /// same number.
    package static func signal(_ identifier: Int32, _ number: Int32, when condition: () -> Bool) -> Bool {
        let handle = linux_process_open(identifier)
        guard handle >= 0 else { return false }
        let held = FileDescriptor(owning: handle)
        guard condition() else { return false }
        return linux_process_signal(held.number, number) == 0
    }
}

/// Where a symbolic link points to.
func targetOfLink(_ path: [UInt8]) throws(Failure) -> [UInt8] {
    let text = CString(path)
    var target = [CChar](repeating: 0, count: 4096)
    let capacity = target.count
    let length = try call("read the link", printable(path)) { unsafe readlink(text.pointer, &target, capacity) }
    return target.prefix(length).map { UInt8(bitPattern: $0) }
}
