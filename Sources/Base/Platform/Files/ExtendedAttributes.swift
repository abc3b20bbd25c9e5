import CLinux
import Glibc

/// Reads and writes extended attributes by descriptor, or by path for what cannot be opened.
package enum ExtendedAttributes {
    /// What carries the attributes.
    package enum Carrier {
        /// An open file or directory.
        case descriptor(Int32)
        /// A reference to anything, a symlink too (`FileDescriptor(referenceTo:in:)`), through `/proc/self/fd`.
        case reference(Int32)
        /// `name` in a directory, itself, also when it is a symlink (through `/proc/self/fd`).
        case name([UInt8], in: Directory)
    }

    /// All attributes, sorted by name. A file system without them has none.
    package static func read(_ carrier: Carrier) throws(Failure) -> [ExtendedAttribute] {
        let path = CString(path(of: carrier))
        let list: [UInt8]
        do throws(Failure) {
            list = try unsafe grow("list the attributes of", carrier) { buffer, size in
                switch carrier {
                case .descriptor(let number): unsafe flistxattr(number, buffer, size)
                case .reference: unsafe listxattr(path.pointer, buffer, size)
                case .name: unsafe llistxattr(path.pointer, buffer, size)
                }
            }
        } catch {
            if error.systemError == EOPNOTSUPP { return [] }
            throw error
        }
        guard !list.isEmpty else { return [] }
        var attributes: [ExtendedAttribute] = []
        for piece in list.split(separator: 0) {
            let name = CString(Array(piece))
            do throws(Failure) {
                let value = try unsafe grow("read an attribute of", carrier) { buffer, size in
                    switch carrier {
                    case .descriptor(let number): unsafe fgetxattr(number, name.pointer, buffer, size)
                    case .reference: unsafe getxattr(path.pointer, name.pointer, buffer, size)
                    case .name: unsafe lgetxattr(path.pointer, name.pointer, buffer, size)
                    }
                }
                attributes.append(ExtendedAttribute(name: Array(piece), value: value))
            } catch {
                if error.systemError != ENODATA { throw error }
            }
        }
        return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// Sets one attribute.
    package static func set(_ attribute: ExtendedAttribute, on carrier: Carrier) throws(Failure) {
        let path = CString(path(of: carrier))
        let name = CString(attribute.name)
        _ = try call("set the attribute \(printable(attribute.name)) of", label(carrier)) {
            unsafe attribute.value.withUnsafeBytes { value in
                switch carrier {
                case .descriptor(let number): unsafe fsetxattr(number, name.pointer, value.baseAddress, value.count, 0)
                case .reference: unsafe setxattr(path.pointer, name.pointer, value.baseAddress, value.count, 0)
                case .name: unsafe lsetxattr(path.pointer, name.pointer, value.baseAddress, value.count, 0)
                }
            }
        }
    }

    /// Removes one attribute; absent is fine.
    package static func remove(_ name: [UInt8], from carrier: Carrier) throws(Failure) {
        let path = CString(path(of: carrier))
        let text = CString(name)
        do throws(Failure) {
            _ = try call("remove the attribute \(printable(name)) of", label(carrier)) {
                switch carrier {
                case .descriptor(let number): unsafe fremovexattr(number, text.pointer)
                case .reference: unsafe removexattr(path.pointer, text.pointer)
                case .name: unsafe lremovexattr(path.pointer, text.pointer)
                }
            }
        } catch {
            if error.systemError != ENODATA { throw error }
        }
    }

    private static func path(of carrier: Carrier) -> [UInt8] {
        switch carrier {
        case .descriptor: []
        case .reference(let number): Array("/proc/self/fd/\(number)".utf8)
        case .name(let name, let directory): Array("/proc/self/fd/\(directory.number)/".utf8) + name
        }
    }

    private static func label(_ carrier: Carrier) -> String {
        switch carrier {
        case .descriptor(let number), .reference(let number): FileDescriptor.name(of: number)
        case .name(let name, _): printable(name)
        }
    }

    /// Asks with growing room until the answer fits: the size may change between two calls.
    private static func grow(
        _ action: String, _ carrier: Carrier, _ ask: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws(Failure) -> [UInt8] {
        var capacity = 256
        while true {
            var answer = 0
            var code: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
                unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                    answer = unsafe ask(text.baseAddress, capacity)
                    code = errno
                }
                used = max(0, answer)
            }
            if answer >= 0 { return bytes }
            if code == ERANGE, capacity < 1 << 20 {
                capacity *= 8
                continue
            }
            if code == EINTR { continue }
            throw Failure.system(action, label(carrier), errno: code)
        }
    }
}
